"""Names by which apps forget, and keep, what is remembered of the site.

Invariant: what is kept here is forgotten with the other caches of the site.
"""

from __future__ import annotations

from typing import Any

import frappe

MAPS = "doctype_map"


def get_doctype_map(doctype: str, name: str, filters: Any = None, order_by: str | None = None) -> list[Any]:
    """Give documents of a DocType (dicts of all its fields) that were found before under `name`, else find them.

    They stay as they were found until `clear_doctype_map`: a controller calls it where its documents change.
    """
    key = f"{MAPS}:{doctype}"
    found = frappe.cache.hget(key, name)
    if found is None:
        found = frappe.get_all(doctype, filters=filters, fields=["*"], order_by=order_by)
        frappe.cache.hset(key, name, found)
    return list(found)


def clear_doctype_map(doctype: str, name: str | None = None) -> None:
    """Forget what `get_doctype_map` keeps of a DocType, all of it by default."""
    key = f"{MAPS}:{doctype}"
    if name is None:
        frappe.cache.delete_value(key)
    else:
        frappe.cache.hdel(key, name)


def clear_user_cache(user: str | None = None) -> None:
    """Forget what is remembered of a user, of all users by default."""
    frappe.clear_cache(user=user)


def clear_defaults_cache(user: str | None = None) -> None:
    """Forget the default values of a user, of all users by default."""
    frappe.clear_cache(user=user)


def clear_doctype_cache(doctype: str | None = None) -> None:
    """Forget the definition of a DocType, all definitions by default."""
    frappe.clear_cache(doctype=doctype)


def clear_global_cache() -> None:
    """Forget everything that is remembered of the site."""
    frappe.clear_cache()
