"""Sharing documents with users."""

from __future__ import annotations

from typing import Any

from frappe_engine.access.roles import get_shared as _names_shared
from frappe_engine.desk.people import add_share as add
from frappe_engine.desk.people import get_share_users as get_users
from frappe_engine.desk.people import remove_share as remove
from frappe_engine.desk.people import set_share_permission as set_permission
from frappe_engine.desk.people import share_document, share_key

import frappe

__all__ = [
    "add",
    "add_docshare",
    "get_share_name",
    "get_shared",
    "get_shared_doctypes",
    "get_users",
    "remove",
    "set_docshare_permission",
    "set_permission",
]


def add_docshare(
    doctype: str,
    name: Any,
    user: str | None = None,
    read: int = 1,
    write: int = 0,
    submit: int = 0,
    share: int = 0,
    everyone: int = 0,
    flags: dict[str, Any] | None = None,
    notify: int = 0,
) -> Any:
    """Share a document; `flags.ignore_share_permission` needs no right to share it."""
    return share_document(
        doctype,
        name,
        user,
        {"read": read, "write": write, "submit": submit, "share": share},
        everyone=everyone,
        tell=bool(notify),
        trusted=bool((flags or {}).get("ignore_share_permission")),
    )


def set_docshare_permission(
    doctype: str,
    name: Any,
    user: str | None,
    permission_to: str,
    value: int = 1,
    everyone: int = 0,
    flags: dict[str, Any] | None = None,
) -> Any:
    """Give or take one right of a share."""
    if (flags or {}).get("ignore_share_permission") and value:
        return share_document(doctype, name, user, {permission_to: 1}, everyone=everyone, trusted=True)
    return set_permission(doctype, name, user, permission_to, value, everyone)


def get_shared(
    doctype: str,
    user: str | None = None,
    rights: list[str] | None = None,
    *,
    filters: Any = None,
    limit: int | None = None,
) -> list[str]:
    """Give the names of the documents that were shared with a user for all of `rights`."""
    who = user or frappe.session.user
    found = [set(_names_shared(doctype, who, right)) for right in rights or ["read"]]
    names = sorted(set.intersection(*found)) if found else []
    return names[:limit] if limit else names


def get_shared_doctypes(user: str | None = None) -> list[str]:
    """Give the DocTypes of documents that were shared with a user."""
    who = user or frappe.session.user
    either = [["user", "=", who], ["everyone", "=", 1]]
    return frappe.get_all("DocShare", or_filters=either, pluck="share_doctype", distinct=True)


def get_share_name(doctype: str, name: Any, user: str | None, everyone: int = 0) -> str | None:
    """Give the name of a share, None when there is none."""
    return frappe.db.exists("DocShare", share_key(doctype, name, user, everyone))


def assign_everyone(doctype: str, name: Any) -> Any:
    """Share a document with everybody."""
    return share_document(doctype, name, None, everyone=1)
