"""Rights: asking and changing them."""

from __future__ import annotations

from typing import Any

from frappe_engine.access.decisions import RIGHTS, get_doc_permissions, get_role_permissions, has_permission
from frappe_engine.access.roles import AUTOMATIC_ROLES, forget_user, get_roles
from frappe_engine.context.local import local
from frappe_engine.context.translate import _
from frappe_engine.documents.metas import forget_meta

import frappe

rights = RIGHTS
GUEST_ROLE, ALL_USER_ROLE, SYSTEM_USER_ROLE, ADMIN_ROLE = "Guest", "All", "Desk User", "Administrator"
AUTOMATIC_ROLES = AUTOMATIC_ROLES

__all__ = [
    "add_permission",
    "add_user_permission",
    "get_all_perms",
    "get_doc_permissions",
    "get_role_permissions",
    "get_roles",
    "get_valid_perms",
    "has_permission",
    "remove_user_permission",
    "update_permission_property",
]


def get_user_permissions(user: str | None = None) -> Any:
    """Give what a user is limited to, per DocType."""
    return frappe.get_user_permissions(user)


def has_user_permission(doc: Any, user: str | None = None, debug: bool = False) -> bool:
    """Tell whether user permissions let a user meet a document."""
    from frappe_engine.access.decisions import within_restrictions

    return within_restrictions(doc, user or local.session.user)


def get_valid_perms(doctype: str | None = None, user: str | None = None) -> list[Any]:
    """Give the permission rows that count for a user."""
    roles = set(get_roles(user))
    doctypes = [doctype] if doctype else [row[0] for row in local.db.rows("SELECT DISTINCT `parent` FROM `tabDocPerm`")]
    return [rule for name in doctypes for rule in frappe.get_meta(name).permissions if rule.role in roles]


def get_all_perms(role: str) -> list[Any]:
    """Give the permission rows of a role."""
    rows = frappe.get_all("DocPerm", fields="*", filters={"role": role})
    custom = frappe.get_all("Custom DocPerm", fields="*", filters={"role": role})
    with_custom = {row[0] for row in local.db.rows("SELECT DISTINCT `parent` FROM `tabCustom DocPerm`")}
    return [row for row in rows if row.parent not in with_custom] + custom


def get_doctypes_with_read() -> list[str]:
    """Give the DocTypes the user may read."""
    return sorted({rule.parent for rule in get_valid_perms() if rule.get("read") and rule.parent})


def add_user_permission(
    doctype: str,
    name: str,
    user: str,
    ignore_permissions: bool = False,
    applicable_for: str | None = None,
    is_default: int = 0,
    hide_descendants: int = 0,
    apply_to_all_doctypes: int = 0,
) -> None:
    """Limit a user to a document of a DocType (and those already given)."""
    found = frappe.db.exists(
        "User Permission", {"user": user, "allow": doctype, "for_value": name, "applicable_for": applicable_for}
    )
    if found:
        return
    if not frappe.db.exists(doctype, name):
        frappe.throw(_("{0} {1} not found").format(_(doctype), name), frappe.DoesNotExistError)
    frappe.get_doc(
        {
            "doctype": "User Permission",
            "user": user,
            "allow": doctype,
            "for_value": name,
            "is_default": is_default,
            "applicable_for": applicable_for,
            "apply_to_all_doctypes": 0 if applicable_for else 1,
            "hide_descendants": hide_descendants,
        }
    ).insert(ignore_permissions=ignore_permissions)


def remove_user_permission(doctype: str, name: str, user: str) -> None:
    """Take a limit off a user."""
    found = frappe.db.get_value("User Permission", {"user": user, "allow": doctype, "for_value": name})
    frappe.delete_doc("User Permission", found, force=True)


def clear_user_permissions_for_doctype(doctype: str, user: str | None = None) -> None:
    """Take all limits of a DocType off a user, or off everybody."""
    filters = {"allow": doctype, **({"user": user} if user else {})}
    for name in frappe.get_all("User Permission", filters=filters, pluck="name"):
        frappe.delete_doc("User Permission", name, force=True)


def can_import(doctype: str, raise_exception: bool = False) -> bool:
    """Tell whether the user may import documents."""
    granted = "System Manager" in get_roles() or has_permission(doctype, "import", raise_exception=False)
    if not granted and raise_exception:
        raise frappe.PermissionError(_("You are not allowed to import: {doctype}").format(doctype=_(doctype)))
    return granted


def can_export(doctype: str, raise_exception: bool = False, is_owner: bool = False) -> bool:
    """Tell whether the user may export documents."""
    if "System Manager" in get_roles():
        return True
    role_rights = get_role_permissions(doctype, is_owner=is_owner)
    granted = bool(role_rights.get("export"))
    if not granted and raise_exception:
        raise frappe.PermissionError(_("You are not allowed to export {} doctype").format(_(doctype)))
    return granted


def setup_custom_perms(parent: str) -> bool:
    """Copy a DocType's own permission rows, so that they can be changed on this site; tell whether that was needed."""
    if frappe.db.exists("Custom DocPerm", {"parent": parent}):
        return False
    copy_perms(parent)
    return True


def copy_perms(parent: str) -> None:
    """Copy a DocType's own permission rows into custom ones."""
    for row in frappe.get_all("DocPerm", fields="*", filters={"parent": parent}):
        values = {key: row[key] for key in (*RIGHTS, "role", "permlevel", "if_owner") if key in row}
        frappe.get_doc({"doctype": "Custom DocPerm", "parent": parent, **values}).insert(ignore_permissions=True)


def add_permission(doctype: str, role: str, permlevel: int = 0, ptype: str | None = None) -> str | None:
    """Give a role a right (read by default) on a DocType; give the name of the row, None when it was there."""
    setup_custom_perms(doctype)
    if frappe.db.get_value("Custom DocPerm", {"parent": doctype, "role": role, "permlevel": permlevel, "if_owner": 0}):
        return None
    values = {"doctype": "Custom DocPerm", "parent": doctype, "role": role, "permlevel": permlevel, ptype or "read": 1}
    row = frappe.get_doc({**{right: 0 for right in RIGHTS}, **values, "export": 0 if ptype else 1})
    row.insert(ignore_permissions=True)
    validate_permissions_for_doctype(doctype)
    return str(row.name)


def update_permission_property(
    doctype: str, role: str, permlevel: int, ptype: str, value: Any = None, validate: bool = True, if_owner: int = 0
) -> bool | None:
    """Change one right of a role on a DocType; tell whether the site's permissions were copied for that."""
    out = setup_custom_perms(doctype)
    filters = {"parent": doctype, "role": role, "permlevel": permlevel, "if_owner": if_owner}
    name = frappe.db.get_value("Custom DocPerm", filters)
    frappe.db.set_value("Custom DocPerm", name, ptype, value or 0)
    if validate:
        validate_permissions_for_doctype(doctype)
    return out


def reset_perms(doctype: str) -> None:
    """Take back what this site changed in a DocType's permissions."""
    frappe.db.delete("Custom DocPerm", {"parent": doctype})
    validate_permissions_for_doctype(doctype)


def validate_permissions_for_doctype(doctype: str) -> None:
    """Raise `ValidationError` when the rules of rights are impossible; else let every process see them."""
    from frappe_engine.documents.definitions import check_permissions_of

    check_permissions_of(doctype)
    forget_meta(doctype)


def clear_doctype_cache(user: str) -> None:
    """Read a user's rights again."""
    forget_user(user)


def allow_everything() -> dict[str, int]:
    """Give every right."""
    return dict.fromkeys(RIGHTS, 1)


def is_system_user(user: str | None = None) -> bool:
    """Tell whether a user works in the desk."""
    return frappe.get_cached_value("User", user or local.session.user, "user_type") == "System User"


def has_child_permission(
    child_doctype: str,
    ptype: str = "read",
    child_doc: Any = None,
    user: str | None = None,
    parent_doctype: str | None = None,
    debug: bool = False,
) -> bool:
    """Tell whether a user has a right on rows."""
    return has_permission(child_doctype, ptype, child_doc, user, raise_exception=False, parent_doctype=parent_doctype)


def get_doctype_roles(doctype: str, access_type: str = "read") -> list[str]:
    """Give the roles that have a right on a DocType at the lowest level."""
    meta = frappe.get_meta(doctype)
    return [rule.role for rule in meta.get("permissions") or () if not rule.get("permlevel") and rule.get(access_type)]
