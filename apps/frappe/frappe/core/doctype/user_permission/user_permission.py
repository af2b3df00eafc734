"""Controller of the DocType User Permission.

Invariant: a user has one rule per document and DocType it applies to, and at most one default per DocType.
"""

from __future__ import annotations

import json
from typing import Any

from frappe_engine.access.roles import forget_user

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint


class UserPermission(Document):
    """Limits a user to documents that point to a given document."""

    def validate(self) -> None:
        """Refuse a rule that is there already, and a second default."""
        if self.apply_to_all_doctypes:
            self.applicable_for = None
        self.validate_user_permission()
        if self.is_default:
            self.validate_default_permission()

    def validate_user_permission(self) -> None:
        """Raise `DuplicateEntryError` when the user has this rule."""
        filters = {
            **self._same("allow", "for_value", "user"),
            "applicable_for": self.applicable_for or ["is", "not set"],
        }
        if frappe.get_all("User Permission", filters=filters, limit=1):
            frappe.throw(_("User permission already exists"), frappe.DuplicateEntryError)

    def validate_default_permission(self) -> None:
        """Raise `ValidationError` when the user has another default that applies to the same DocTypes."""
        filters = {**self._same("allow", "user"), "is_default": 1}
        for other in frappe.get_all("User Permission", filters=filters, fields=["for_value", "applicable_for"]):
            if not other.applicable_for or not self.applicable_for or other.applicable_for == self.applicable_for:
                frappe.throw(
                    _("{0} is already the default {1} of {2}").format(
                        frappe.bold(other.for_value), _(self.allow), self.user
                    )
                )

    def _same(self, *fields: str) -> dict[str, Any]:
        return {"name": ["!=", self.name or ""], **{name: self.get(name) for name in fields}}

    def on_update(self) -> None:
        """Let the rule count at once."""
        forget_user(self.user)
        before = self.get_doc_before_save()
        if before is not None and before.user != self.user:
            forget_user(before.user)

    def after_delete(self) -> None:
        """Let the rule count no longer."""
        forget_user(self.user)


@frappe.whitelist()
def get_user_permissions(user: str | None = None) -> dict[str, list[Any]]:
    """Give what a user is limited to, per DocType; others' for System Managers alone."""
    name = user or frappe.session.user
    if name != frappe.session.user:
        frappe.only_for("System Manager")
    return frappe.get_user_permissions(name)


def user_permission_exists(user: str, allow: str, for_value: str, applicable_for: str | None = None) -> bool:
    """Tell whether a user has a rule (for all DocTypes, or for one)."""
    entries = frappe.get_user_permissions(user).get(allow, [])
    return any(
        entry.doc == for_value and (not applicable_for or entry.applicable_for == applicable_for) for entry in entries
    )


def get_permitted_documents(doctype: str) -> list[str]:
    """Give the documents of a DocType that the one who asks is limited to, the default one first."""
    entries = frappe.get_user_permissions().get(doctype, [])
    return [entry.doc for entry in sorted(entries, key=lambda entry: not entry.get("is_default"))]


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def get_applicable_for_doctype_list(
    doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: Any
) -> list[list[str]]:
    """Give the DocTypes with a link to `filters["doctype"]` (and itself) whose names hold `txt`."""
    target = filters["doctype"]
    found = set(
        frappe.get_all("DocField", {"fieldtype": "Link", "options": target, "parenttype": "DocType"}, pluck="parent")
    )
    found |= set(frappe.get_all("Custom Field", {"fieldtype": "Link", "options": target}, pluck="dt"))
    tables = {name for name in found if frappe.get_meta(name).istable}
    parents = (
        frappe.get_all("DocField", {"fieldtype": "Table", "options": ["in", list(tables)]}, pluck="parent")
        if tables
        else []
    )
    names = {target, *(found - tables), *parents}
    matching = [name for name in sorted(names) if txt.lower() in name.lower()]
    return [[name] for name in matching[start : start + page_len]]


@frappe.whitelist()
def check_applicable_doc_perm(user: str, doctype: str, docname: str) -> list[str]:
    """Give the DocTypes to which a user's rule on a document applies; none when it applies to all."""
    frappe.only_for("System Manager")
    filters = {"user": user, "allow": doctype, "for_value": docname}
    rows = frappe.get_all("User Permission", filters=filters, fields=["apply_to_all_doctypes", "applicable_for"])
    if any(row.apply_to_all_doctypes for row in rows):
        return []
    return [row.applicable_for for row in rows if row.applicable_for]


@frappe.whitelist()
def clear_user_permissions(user: str, for_doctype: str) -> int:
    """Take the rules of a DocType off a user; give how many there were."""
    frappe.only_for("System Manager")
    names = frappe.get_all("User Permission", {"user": user, "allow": for_doctype}, pluck="name")
    for name in names:
        frappe.delete_doc("User Permission", name, ignore_permissions=True)
    return len(names)


@frappe.whitelist()
def add_user_permissions(data: dict[str, Any]) -> int:
    """Limit a user to a document, for all DocTypes or for those listed; give 1 when rules were changed, else 0.

    `data`: user, doctype, docname, apply_to_all_doctypes, applicable_doctypes, is_default, hide_descendants.
    """
    frappe.only_for("System Manager")
    wanted = frappe._dict(json.loads(data) if isinstance(data, str) else data)
    filters = {"user": wanted.user, "allow": wanted.doctype, "for_value": wanted.docname}
    present = {
        row.applicable_for or "": row.name
        for row in frappe.get_all("User Permission", filters=filters, fields=["name", "applicable_for"])
    }
    chosen = (
        {""}
        if cint(wanted.apply_to_all_doctypes) or not wanted.applicable_doctypes
        else set(wanted.applicable_doctypes)
    )
    if chosen <= set(present) and not cint(wanted.is_default):
        return 0
    for applicable_for, name in present.items():
        if applicable_for not in chosen:
            frappe.delete_doc("User Permission", name, ignore_permissions=True)
    for applicable_for in sorted(chosen - set(present)):
        _insert(wanted, applicable_for)
    return 1


def _insert(wanted: Any, applicable_for: str) -> None:
    frappe.get_doc(
        {
            "doctype": "User Permission",
            "user": wanted.user,
            "allow": wanted.doctype,
            "for_value": wanted.docname,
            "is_default": cint(wanted.is_default),
            "hide_descendants": cint(wanted.hide_descendants),
            "apply_to_all_doctypes": int(not applicable_for),
            "applicable_for": applicable_for or None,
        }
    ).insert()


def send_user_permissions(bootinfo: Any) -> None:
    """Give the desk what the user is limited to."""
    bootinfo.user["user_permissions"] = frappe.get_user_permissions()
