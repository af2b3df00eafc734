"""Defaults of the site and of users."""

from __future__ import annotations

from typing import Any

from frappe_engine.context.local import local
from frappe_engine.documents import defaults as engine
from frappe_engine.documents.defaults import (
    add_default,
    clear_default,
    get_defaults_for,
    get_user_default,
    get_user_default_as_list,
    set_default,
)

common_default_keys = ["__default", "__global"]


def set_user_default(key: str, value: Any, user: str | None = None, parenttype: str | None = None) -> None:
    """Keep a default of a user."""
    set_default(key, value, user or local.session.user, parenttype)


def add_user_default(key: str, value: Any, user: str | None = None, parenttype: str | None = None) -> None:
    """Keep another default of a user."""
    add_default(key, value, user or local.session.user, parenttype)


def clear_user_default(key: str, user: str | None = None) -> None:
    """Forget a default of a user."""
    clear_default(key, parent=user or local.session.user)


def get_defaults(user: str | None = None) -> Any:
    """Give the defaults that hold for a user."""
    return engine.get_defaults_of(user)


def get_user_permissions(user: str | None = None) -> Any:
    """Give what a user is limited to."""
    from frappe_engine.access.roles import get_user_permissions as load

    return load(user)


def set_global_default(key: str, value: Any) -> None:
    """Keep a default of the site."""
    set_default(key, value, "__default")


def add_global_default(key: str, value: Any) -> None:
    """Keep another default of the site."""
    add_default(key, value, "__default")


def get_global_default(key: str) -> Any:
    """Give a default of the site, the last when there are several."""
    value = engine.get_defaults_for("__default").get(key)
    return value[-1] if isinstance(value, list) and value else value


def is_a_user_permission_key(key: str) -> bool:
    """Tell whether a key is the name of a DocType."""
    return ":" not in key and key != key.lower().replace(" ", "_")


def clear_defaults_cache(user: str | None = None) -> None:
    """Read defaults again."""
    for parent in [user] if user else common_default_keys:
        engine.forget_defaults(parent)


__all__ = [
    "add_default",
    "add_global_default",
    "add_user_default",
    "clear_default",
    "clear_user_default",
    "get_defaults",
    "get_defaults_for",
    "get_global_default",
    "get_user_default",
    "get_user_default_as_list",
    "set_default",
    "set_global_default",
    "set_user_default",
]
