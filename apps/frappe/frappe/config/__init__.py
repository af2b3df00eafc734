"""Modules and who sees them."""

from __future__ import annotations

from typing import Any

import frappe


def get_modules_from_all_apps_for_user(user: str | None = None) -> list[Any]:
    """Give the modules that are not hidden from a user: `module_name`, `app`."""
    who = user or frappe.session.user
    hidden = set(frappe.get_all("Block Module", {"parent": who, "parenttype": "User"}, pluck="module"))
    rows = frappe.get_all("Module Def", fields=["name as module_name", "app_name as app"], order_by="app_name, name")
    return [row for row in rows if row.module_name not in hidden]
