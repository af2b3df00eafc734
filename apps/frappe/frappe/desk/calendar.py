"""Calendars."""

from __future__ import annotations

from typing import Any

from frappe_engine.desk.calendars import get_events, update_event
from frappe_engine.desk.sql_conditions import filter_conditions, match_condition_for_join

import frappe

__all__ = ["get_event_conditions", "get_events", "update_event"]


def get_event_conditions(doctype: str, filters: Any = None) -> str:
    """Give the SQL condition of the documents a calendar shows, with " and " before it."""
    meta = frappe.get_meta(doctype)
    if not frappe.has_permission(meta.name):
        frappe.throw(frappe._("Not Permitted"), frappe.PermissionError)
    wanted = frappe.parse_json(filters) if filters else None
    return filter_conditions(doctype, wanted) + match_condition_for_join(doctype)
