"""Renaming fields in patches: values, reports and customisations take the new name.

Invariant: run after the DocType has the new field; running it again does nothing.
"""

from __future__ import annotations

import json

from frappe_engine.documents import definitions

import frappe


def rename_field(doctype: str, old_fieldname: str, new_fieldname: str, validate: bool = True) -> None:
    """Take the values of a field over to its new name, and let reports, settings of lists and setters follow.

    With `validate` nothing happens where the DocType has no such field, or its table no such column.
    """
    meta = frappe.get_meta(doctype, cached=False)
    field = meta.get_field(new_fieldname)
    if validate and field is None:
        print(f"rename_field: {doctype} has no field {new_fieldname}")  # noqa: T201 - patches speak to the console
        return
    if field is not None:
        definitions.rename_field_data(doctype, old_fieldname, new_fieldname)
    if not meta.issingle:
        update_users_report_view_settings(doctype, old_fieldname, new_fieldname)
    definitions.rename_field_everywhere(doctype, old_fieldname, new_fieldname)


def update_users_report_view_settings(doctype: str, ref_fieldname: str, new_fieldname: str) -> None:
    """Let the columns and filters that users keep of a list follow."""
    rows = frappe.db.sql("select user, data from `__UserSettings` where doctype=%s", doctype)
    for user, text in rows:
        if f'"{ref_fieldname}"' in (text or ""):
            changed = text.replace(f'"{ref_fieldname}"', f'"{new_fieldname}"')
            frappe.db.sql("update `__UserSettings` set data=%s where doctype=%s and user=%s", (changed, doctype, user))


def update_reports(doctype: str, old_fieldname: str, new_fieldname: str) -> None:
    """Let report builder reports follow."""
    for report in frappe.get_all(
        "Report", {"ref_doctype": doctype, "json": ["like", f'%"{old_fieldname}"%']}, ["name", "json"]
    ):
        content = json.loads(report.json.replace(f'"{old_fieldname}"', f'"{new_fieldname}"'))
        frappe.db.set_value("Report", report.name, "json", json.dumps(content), update_modified=False)


def update_property_setters(doctype: str, old_fieldname: str, new_fieldname: str) -> None:
    """Let property setters follow."""
    frappe.db.set_value(
        "Property Setter", {"doc_type": doctype, "field_name": old_fieldname}, "field_name", new_fieldname
    )
