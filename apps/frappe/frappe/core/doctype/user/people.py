"""Who there is: users counted and listed.

Invariant: Administrator and Guest are in no list of people.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

ACTIVE_DAYS = 3


def get_total_users() -> int:
    """Give how many sessions all enabled System Users may have at the same time."""
    rows = frappe.get_all("User", _people("System User"), ["simultaneous_sessions"])
    return sum(int(row.simultaneous_sessions or 0) for row in rows)


def get_system_users(exclude_users: Any = None, limit: int | None = None) -> list[str]:
    """Give the names of enabled System Users, without `exclude_users` (a name or several)."""
    left_out = [exclude_users] if isinstance(exclude_users, str) else list(exclude_users or [])
    found = frappe.get_all("User", _people("System User"), pluck="name", order_by="creation desc")
    names = [name for name in found if name not in left_out]
    return names[:limit] if limit else names


def get_active_users() -> int:
    """Give how many System Users were active in the last three days."""
    return frappe.db.count("User", {**_people("System User"), "last_active": [">", _recently()]})


def get_website_users() -> int:
    """Give the number of enabled Website Users."""
    return frappe.db.count("User", _people("Website User"))


def get_active_website_users() -> int:
    """Give how many Website Users were active in the last three days."""
    return frappe.db.count("User", {**_people("Website User"), "last_active": [">", _recently()]})


def get_enabled_users() -> list[str]:
    """Give the names of all enabled users."""
    return frappe.get_all("User", {"enabled": 1}, pluck="name")


def _people(user_type: str) -> dict[str, Any]:
    return {"enabled": 1, "user_type": user_type, "name": ["not in", frappe.STANDARD_USERS]}


def _recently() -> Any:
    return now_datetime() - timedelta(days=ACTIVE_DAYS)
