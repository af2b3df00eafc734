"""Giving rights to roles on this site: what the permission manager calls.

Invariant: the first change of a DocType copies its own rules, and only the copies are changed; `reset` goes back.
Only System Managers may call any of this.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.documents.definitions import definition_of
from frappe_engine.documents.metas import meta_of_file

import frappe
from frappe import _
from frappe.permissions import (
    add_permission,
    get_all_perms,
    reset_perms,
    setup_custom_perms,
    update_permission_property,
    validate_permissions_for_doctype,
)
from frappe.utils import cint

NOT_CHANGED_HERE = ("DocType", "Patch Log", "Module Def", "Transaction Log")
NOT_GIVEN_HERE = ("Administrator",)


@frappe.whitelist()
def get_roles_and_doctypes() -> dict[str, list[dict[str, str]]]:
    """Give the DocTypes whose rights can be changed, and the roles that can be given, each with its label."""
    frappe.only_for("System Manager")
    domains = frappe.get_active_domains()
    fields = ["name", "restrict_to_domain"]
    doctypes = frappe.get_all("DocType", {"istable": 0, "name": ["not in", NOT_CHANGED_HERE]}, fields, order_by="name")
    roles = frappe.get_all("Role", {"disabled": 0, "name": ["not in", NOT_GIVEN_HERE]}, fields, order_by="name")
    return {"doctypes": _choices(doctypes, domains), "roles": _choices(roles, domains)}


def _choices(rows: list[Any], domains: list[str]) -> list[dict[str, str]]:
    found = [{"label": _(row.name), "value": row.name} for row in rows if (row.restrict_to_domain or "") in domains]
    return sorted(found, key=lambda choice: choice["label"])


@frappe.whitelist()
def get_permissions(doctype: str | None = None, role: str | None = None) -> list[Any]:
    """Give the rules of a DocType or of a role, each with what it links to and whether it can be submitted."""
    frappe.only_for("System Manager")
    if role:
        rules = get_all_perms(role)
        rules = [rule for rule in rules if not doctype or rule.parent == doctype]
    else:
        filters = {"parent": doctype}
        rules = frappe.get_all("Custom DocPerm", fields="*", filters=filters, order_by="permlevel, creation")
        rules = rules or frappe.get_all("DocPerm", fields="*", filters=filters, order_by="permlevel, idx")
    known: dict[str, dict[str, Any]] = {}
    for rule in rules:
        rule.update(known.setdefault(rule.parent, _facts(rule.parent)))
    return rules


def _facts(doctype: str) -> dict[str, Any]:
    if not frappe.db.exists("DocType", doctype):
        return {"linked_doctypes": [], "is_submittable": 0, "in_create": 0}
    meta = frappe.get_meta(doctype)
    linked = sorted({doctype, *(field.options for field in meta.get_link_fields())})
    return {"linked_doctypes": linked, "is_submittable": cint(meta.is_submittable), "in_create": cint(meta.in_create)}


@frappe.whitelist()
def add(parent: str, role: str, permlevel: Any) -> None:
    """Let a role read documents of a DocType at a level."""
    frappe.only_for("System Manager")
    if add_permission(parent, role, cint(permlevel)) is None:
        frappe.msgprint(_("There is a rule for this role, level and 'if owner' already"))


@frappe.whitelist()
def update(doctype: str, role: str, permlevel: Any, ptype: str, value: Any = None, if_owner: Any = 0) -> str | None:
    """Give or take one right of a rule; give "refresh" when the site's rules were copied for that."""
    frappe.only_for("System Manager")
    if ptype == "if_owner" or ptype in frappe.permissions.rights:
        copied = update_permission_property(doctype, role, cint(permlevel), ptype, cint(value), if_owner=cint(if_owner))
        return "refresh" if copied else None
    frappe.throw(_("There is no right {0}").format(ptype))
    return None


@frappe.whitelist()
def remove(doctype: str, role: str, permlevel: Any, if_owner: Any = 0) -> None:
    """Take a rule away; the last one of a DocType stays."""
    frappe.only_for("System Manager")
    setup_custom_perms(doctype)
    filters = {"parent": doctype, "role": role, "permlevel": cint(permlevel), "if_owner": cint(if_owner)}
    frappe.db.delete("Custom DocPerm", filters)
    if not frappe.get_all("Custom DocPerm", {"parent": doctype}, limit=1):
        frappe.throw(_("There must be at least one permission rule."), title=_("Cannot Remove"))
    validate_permissions_for_doctype(doctype)


@frappe.whitelist()
def reset(doctype: str) -> None:
    """Go back to the rules that the DocType came with."""
    frappe.only_for("System Manager")
    reset_perms(doctype)


@frappe.whitelist()
def get_users_with_role(role: str) -> list[str]:
    """Give the enabled users who have a role, Administrator left out."""
    frappe.only_for("System Manager")
    from frappe.utils.user import get_users_with_role as users_with_role

    return users_with_role(role)


@frappe.whitelist()
def get_standard_permissions(doctype: str) -> list[Any]:
    """Give the rules that the DocType came with: those of its file, or of its own rows where it is the site's."""
    frappe.only_for("System Manager")
    meta = frappe.get_meta(doctype)
    if meta.custom:
        return [row.as_dict() for row in frappe.get_doc("DocType", doctype).permissions]
    definition = definition_of(doctype)
    return [row.as_dict(no_nulls=True) for row in meta_of_file(definition).permissions]
