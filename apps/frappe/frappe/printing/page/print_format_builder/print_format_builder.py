"""What the print format builder asks."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cint


@frappe.whitelist()
def create_custom_format(doctype: str, name: str, based_on: str = "Standard", beta: Any = False) -> Any:
    """Make a print format of a DocType to be drawn, empty or as a copy of another one, and give it."""
    frappe.has_permission("Print Format", "create", throw=True)
    document = frappe.new_doc("Print Format")
    document.update({"doc_type": doctype, "name": name, "standard": "No"})
    document.set("print_format_builder_beta" if cint(beta) else "print_format_builder", 1)
    if based_on and based_on != "Standard":
        document.format_data = frappe.db.get_value("Print Format", based_on, "format_data")
    document.insert()
    return document
