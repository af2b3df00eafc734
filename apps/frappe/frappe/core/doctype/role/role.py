"""Controller of the DocType Role.

Invariant: the roles the engine itself asks for can be neither disabled nor renamed.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.access.summary import forget_summaries

import frappe
from frappe import _
from frappe.model.document import Document

STANDARD_ROLES = ("Administrator", "System Manager", "Script Manager", "All", "Guest", "Desk User")
# what a role says of the desk's parts for those who have it; kept on users since
desk_properties = (
    "search_bar",
    "notifications",
    "list_sidebar",
    "bulk_actions",
    "view_switcher",
    "form_sidebar",
    "timeline",
    "dashboard",
)


class Role(Document):
    """A set of rights that users share."""

    def validate(self) -> None:
        """Refuse to disable standard roles; the automatic ones never open the desk by themselves."""
        if self.name in STANDARD_ROLES:
            if self.disabled:
                frappe.throw(_("Standard roles cannot be disabled"))
        elif self.disabled and self.has_value_changed("disabled"):
            self.remove_from_users()

    def before_rename(self, old_name: str, new_name: str, merge: bool = False) -> None:
        """Refuse to rename standard roles."""
        if old_name in STANDARD_ROLES:
            frappe.throw(_("Standard roles cannot be renamed"))

    def on_update(self) -> None:
        """Let the kind of users follow whether their role opens the desk."""
        forget_summaries()
        if self.get_doc_before_save() is not None and self.has_value_changed("desk_access"):
            for name in get_users(self.name):
                user = frappe.get_doc("User", name)
                before = user.user_type
                user.set_user_type()
                if user.user_type != before:
                    user.save()

    def on_trash(self) -> None:
        """Refuse to delete standard roles; users lose the role."""
        if self.name in STANDARD_ROLES:
            frappe.throw(_("Standard roles cannot be deleted"))
        self.remove_from_users()

    def after_delete(self) -> None:
        """Let rights be worked out anew."""
        forget_summaries()

    def remove_from_users(self) -> None:
        """Take the role away from every user."""
        users = frappe.get_all("Has Role", {"parenttype": "User", "role": self.name}, pluck="parent")
        frappe.db.delete("Has Role", {"parenttype": "User", "role": self.name})
        for user in users:
            frappe.clear_document_cache("User", user)


def get_users(role: str) -> list[str]:
    """Give the enabled users who have a role."""
    holders = frappe.get_all("Has Role", {"parenttype": "User", "role": role}, pluck="parent")
    return (
        frappe.get_all("User", {"name": ["in", holders], "enabled": 1}, pluck="name", order_by="name")
        if holders
        else []
    )


def get_info_based_on_role(role: str, field: str = "email", ignore_permissions: bool = False) -> list[Any]:
    """Give a field (the address by default) of the enabled users who have a role, Administrator left out."""
    return get_user_info(get_users(role), field)


def get_user_info(users: Any, field: str = "email") -> list[Any]:
    """Give a field of users, given as names or as rows with `parent` or `user_name`."""
    names = [user if isinstance(user, str) else user.get("parent") or user.get("user_name") for user in users]
    wanted = [name for name in names if name and name not in frappe.STANDARD_USERS]
    rows = frappe.get_all("User", {"name": ["in", wanted], "enabled": 1}, ["name", field]) if wanted else []
    return [row[field] for row in rows if row[field]]


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def role_query(doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: Any) -> list[Any]:
    """Give the names of roles that can be given by hand and hold `txt`."""
    wanted = (
        [["name", "like", f"%{txt}%"], ["is_custom", "=", 0]]
        if (filters or {}).get("standard")
        else [["name", "like", f"%{txt}%"]]
    )
    return frappe.get_all(
        "Role",
        filters=[*wanted, ["name", "not in", ["All", "Guest", "Administrator", "Desk User"]], ["disabled", "=", 0]],
        fields=["name"],
        limit_start=start,
        limit_page_length=page_len,
        order_by="name",
        as_list=True,
    )
