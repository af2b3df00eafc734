"""Fields that link to documents of a DocType that another field names."""

from __future__ import annotations

from typing import Any

from frappe_engine.documents.links import dynamic_link_fields

import frappe


def get_dynamic_links() -> list[Any]:
    """Give the fields that link dynamically: `parent`, `fieldname`, `options`, `issingle`."""
    return [frappe._dict(field) for field in dynamic_link_fields()]


def get_dynamic_link_map(for_delete: bool = False) -> dict[str, list[Any]]:
    """Give those fields by the DocTypes that documents name in them."""
    found: dict[str, list[Any]] = {}
    for field in get_dynamic_links():
        for doctype in _named(field):
            found.setdefault(doctype, []).append(field)
    return found


def _named(field: Any) -> list[str]:
    if field.issingle:
        value = frappe.db.get_single_value(field.parent, field.options)
        return [value] if value else []
    if not frappe.db.table_exists(field.parent):
        return []
    rows = frappe.get_all(field.parent, fields=[field.options], distinct=True, as_list=True, order_by="")
    return [row[0] for row in rows if row[0]]
