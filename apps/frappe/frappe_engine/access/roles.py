"""Roles of users, and the facts about users that permissions rest on.

Invariant: Administrator has every role, Guest only its own; everybody else has All and Guest beside their own.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.local import current
from frappe_engine.database.database import process_cache_of
from frappe_engine.kit.attrdict import _dict

AUTOMATIC_ROLES = ("Guest", "All", "Administrator", "Desk User")


def get_roles(username: str | None = None) -> list[str]:
    """Give the roles of `username` (of the one who asks by default)."""
    name = username or current().session.user
    if name == "Guest":
        return ["Guest"]
    roles: list[str] = process_cache_of(current()).get_or_load(f"roles|{name}", lambda: _load_roles(name))
    return list(roles)


def _load_roles(user: str) -> list[str]:
    database = current().db
    if user == "Administrator":
        return [row[0] for row in database.rows("SELECT `name` FROM `tabRole`")]
    rows = database.rows(
        "SELECT h.`role` FROM `tabHas Role` h JOIN `tabRole` r ON r.`name` = h.`role`"
        " WHERE h.`parenttype` = 'User' AND h.`parent` = ? AND r.`disabled` = 0",
        (user,),
    )
    roles = [row[0] for row in rows]
    automatic = ["All", "Guest"]
    if database.get_value_by_name("User", user, "user_type") == "System User":
        automatic.append("Desk User")
    return [*roles, *(role for role in automatic if role not in roles)]


def get_user_permissions(user: str | None = None) -> dict[str, list[Any]]:
    """Give what a user is limited to: per DocType the documents, each with `doc`, `applicable_for`, `is_default`,
    `hide_descendants`. Empty for Administrator and Guest."""
    name = user or current().session.user
    if name in ("Administrator", "Guest"):
        return {}
    found: dict[str, list[Any]] = process_cache_of(current()).get_or_load(
        f"user_permissions|{name}", lambda: _load_user_permissions(name)
    )
    return found


def _load_user_permissions(user: str) -> dict[str, list[Any]]:
    database = current().db
    rows = database.rows(
        "SELECT `allow`, `for_value`, `applicable_for`, `is_default`, `hide_descendants` FROM `tabUser Permission`"
        " WHERE `user` = ?",
        (user,),
    )
    found: dict[str, list[Any]] = {}
    for doctype, name, applicable_for, is_default, hide_descendants in rows:
        entries = found.setdefault(doctype, [])
        entries.append(_permission(name, applicable_for, is_default, hide_descendants))
        if not hide_descendants:
            entries.extend(_permission(child, applicable_for, 0, 0) for child in _descendants(doctype, name))
    return found


def _permission(doc: str, applicable_for: str | None, is_default: int, hide_descendants: int) -> Any:
    return _dict(
        doc=doc, applicable_for=applicable_for or None, is_default=is_default, hide_descendants=hide_descendants
    )


def _descendants(doctype: str, name: str) -> list[str]:
    from frappe_engine.context.local import providers  # avoids a name clash with the argument of callers

    if not providers("meta", doctype).is_nested_set():
        return []
    bounds = current().db.row(f"SELECT `lft`, `rgt` FROM `tab{doctype}` WHERE `name` = ?", (name,))
    if bounds is None:
        return []
    rows = current().db.rows(
        f"SELECT `name` FROM `tab{doctype}` WHERE `lft` > ? AND `rgt` < ? ORDER BY `lft`", tuple(bounds)
    )
    return [row[0] for row in rows]


def get_shared(doctype: str, user: str, right: str = "read") -> list[str]:
    """Give the names of the documents of `doctype` that were shared with `user` for `right`."""
    if right not in ("read", "write", "share", "submit"):
        return []
    rows = current().db.rows(
        f"SELECT `share_name` FROM `tabDocShare` WHERE `share_doctype` = ? AND `{right}` = 1 AND (`user` = ?"
        + (" OR `everyone` = 1)" if user != "Guest" else ")"),
        (doctype, user),
    )
    return [row[0] for row in rows]


def forget_user(user: str) -> None:
    """Read a user's roles, limits and rights again at next use, in every process."""
    cache = process_cache_of(current())
    cache.forget(f"roles|{user}", f"user_permissions|{user}", f"user|{user}", f"user_rights|{user}")
    for kind in ("rights", "levels"):
        cache.forget_kind(f"{kind}|{user}")
