"""Controller of the DocType User Type: kinds of users the site makes, with the DocTypes they may work with.

Invariant: the role of such a kind gives exactly the rights of its rows.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

RIGHTS = ("read", "write", "create", "submit", "cancel", "amend", "delete")


class UserType(Document):
    """What kind of access a user has: the desk, or the website alone."""

    def validate(self) -> None:
        """Refuse to change the two standard kinds; a kind of the site needs a role."""
        if self.is_standard:
            return
        if self.name in ("System User", "Website User"):
            self.is_standard = 1
            return
        if not self.role:
            frappe.throw(_("A user type needs a role"))
        if self.role in ("Administrator", "System Manager", "All", "Guest", "Desk User"):
            frappe.throw(_("The role {0} can't be that of a user type").format(self.role))

    def on_update(self) -> None:
        """Give the role the rights of the rows, and users of this kind the role."""
        if self.is_standard:
            return
        self.grant_rights()
        for name in frappe.get_all("User", {"user_type": self.name}, pluck="name"):
            user = frappe.get_doc("User", name)
            user.flags.ignore_permissions = True
            user.save()

    def on_trash(self) -> None:
        """Refuse to delete a standard kind."""
        if self.is_standard:
            frappe.throw(_("Standard user type {0} can not be deleted.").format(frappe.bold(self.name)))

    def grant_rights(self) -> None:
        """Let the role have the rights of the rows, and no others by this kind."""
        from frappe.permissions import add_permission, setup_custom_perms, validate_permissions_for_doctype

        for row in self.user_doctypes:
            setup_custom_perms(row.document_type)
            add_permission(row.document_type, self.role)
            name = frappe.db.get_value(
                "Custom DocPerm", {"parent": row.document_type, "role": self.role, "permlevel": 0}
            )
            frappe.db.set_value("Custom DocPerm", name, {right: int(row.get(right) or 0) for right in RIGHTS})
            validate_permissions_for_doctype(row.document_type)


def modules_of_user_type(user_type: str) -> set[str]:
    """Give the modules of the DocTypes that users of a kind may work with."""
    doctypes = frappe.get_all(
        "User Document Type", {"parent": user_type, "parenttype": "User Type"}, pluck="document_type"
    )
    return {frappe.get_meta(doctype).module for doctype in doctypes}


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def get_user_linked_doctypes(
    doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: Any
) -> list[Any]:
    """Give the DocTypes with a link to User whose names hold `txt`."""
    linked = set(frappe.get_all("DocField", {"fieldtype": "Link", "options": "User"}, pluck="parent"))
    linked |= set(frappe.get_all("Custom Field", {"fieldtype": "Link", "options": "User"}, pluck="dt"))
    return frappe.get_all(
        "DocType",
        filters=[
            ["name", "like", f"%{txt}%"],
            ["name", "in", sorted(linked)],
            ["issingle", "=", 0],
            ["istable", "=", 0],
        ],
        fields=["name"],
        order_by="name",
        limit_start=start,
        limit_page_length=page_len,
        as_list=True,
    )


@frappe.whitelist()
def get_user_id(parent: str) -> list[dict[str, str]]:
    """Give the fields of a DocType that link to User, as choices."""
    meta = frappe.get_meta(parent)
    return [
        {"label": field.label, "value": field.fieldname} for field in meta.get_link_fields() if field.options == "User"
    ]
