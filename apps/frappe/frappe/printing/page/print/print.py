"""What the print page asks."""

from __future__ import annotations

from typing import Any

import frappe


@frappe.whitelist()
def get_print_settings_to_show(doctype: str, docname: str) -> list[Any]:
    """Give the print settings that a document lets its user choose: those its method `get_print_settings` names."""
    document = frappe.get_doc(doctype, docname)
    document.check_permission("print")
    names = document.get_print_settings() if hasattr(document, "get_print_settings") else ()
    fields = frappe.get_meta("Print Settings")
    settings = frappe.get_single("Print Settings")
    found = []
    for name in names or ():
        field = fields.get_field(name)
        if field is not None:
            found.append({**field.as_dict(), "value": settings.get(name)})
    return found
