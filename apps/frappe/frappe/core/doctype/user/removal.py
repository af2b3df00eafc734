"""What happens to a user's own documents when the user goes, or gets another name.

Invariant: what a user made for others stays; what only the user saw goes.
"""

from __future__ import annotations

import frappe

# DocType, field that names the user, further conditions
OWN_DOCUMENTS = (
    ("ToDo", "allocated_to", {}),
    ("Event", "owner", {"event_type": "Private"}),
    ("Note", "owner", {"public": 0}),
    ("DocShare", "user", {}),
    ("User Permission", "user", {}),
    ("Notification Settings", "name", {}),
    ("Notification Log", "for_user", {}),
    ("Document Follow", "user", {}),
    ("List Filter", "for_user", {}),
    ("User Group Member", "user", {}),
    ("Dashboard Settings", "name", {}),
    ("Route History", "user", {}),
    ("Desktop Icon", "owner", {"standard": 0}),
)
# fields that name a user without being a reason to keep one
NAMED_BESIDES = (("Contact", "user"), ("ToDo", "assigned_by"))
# Singles and texts that hold names of users outside of links
NAMED_AFTER_USER = ("Notification Settings", "Dashboard Settings")


def forget_user_documents(user: str) -> None:
    """Delete what only this user saw, and take the user out of what others keep."""
    for doctype, fieldname, conditions in OWN_DOCUMENTS:
        frappe.db.delete(doctype, {fieldname: user, **conditions})
    for doctype, fieldname in NAMED_BESIDES:
        frappe.db.set_value(doctype, {fieldname: user}, fieldname, None, update_modified=False)
    for workspace in frappe.get_all("Workspace", {"for_user": user}, pluck="name"):
        frappe.delete_doc("Workspace", workspace, force=True, ignore_permissions=True)
    frappe.defaults.clear_default(parent=user)


def rename_user_documents(old: str, new: str) -> None:
    """Let what is kept under a user's name follow; links have followed already."""
    for doctype in NAMED_AFTER_USER:
        if frappe.db.exists(doctype, old) and not frappe.db.exists(doctype, new):
            frappe.rename_doc(doctype, old, new, force=True, show_alert=False)
    for doctype, fieldname in (
        ("List Filter", "for_user"),
        ("Workspace", "for_user"),
        ("Notification Log", "for_user"),
    ):
        frappe.db.set_value(doctype, {fieldname: old}, fieldname, new, update_modified=False)
    frappe.db.sql("update `tabDefaultValue` set parent=%s where parent=%s", (new, old))
    frappe.defaults.clear_defaults_cache(old)
    frappe.defaults.clear_defaults_cache(new)
