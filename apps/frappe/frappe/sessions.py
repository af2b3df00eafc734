"""Sessions: their data, their end."""

from __future__ import annotations

from typing import Any

from frappe_engine.context.local import current, local
from frappe_engine.http import sessions as _sessions
from frappe_engine.http.login import current_login_manager

import frappe

__all__ = ["clear", "clear_sessions", "get_csrf_token", "get_expiry_in_seconds", "get_expiry_period"]


def get_csrf_token() -> str:
    """Give the token that forms of this session send, made when there is none."""
    return _sessions.csrf_token()


@frappe.whitelist()
def clear() -> None:
    """Forget what is remembered of the user who asks."""
    frappe.clear_cache(user=local.session.user)
    frappe.response["message"] = frappe._("Cache Cleared")


def clear_sessions(user: str | None = None, keep_current: bool = False, force: bool = False) -> None:
    """End the sessions of a user (all but the present one with `keep_current`, those beyond the allowed number unless `force`)."""
    name = user or local.session.user
    keep = local.session.sid if keep_current and name == local.session.user else None
    allowed = 0 if force or not keep_current else int(frappe.db.get_value("User", name, "simultaneous_sessions") or 1)
    _sessions.end_sessions_of(name, keep=keep, allowed=allowed)


def delete_session(sid: str, user: str | None = None, reason: str = "Session Expired") -> None:
    """End one session."""
    _sessions.end(sid)


def clear_all_sessions(reason: str | None = None) -> None:
    """End every session of the site."""
    frappe.only_for("Administrator")
    _sessions.end_all([row[0] for row in frappe.db.sql("SELECT sid FROM `tabSessions`")])


def get_expired_sessions() -> list[str]:
    """Give the sessions that are over."""
    return _sessions.expired()


def clear_expired_sessions() -> None:
    """End the sessions that are over."""
    _sessions.end_expired()


def get_expiry_period() -> str:
    """Give how long an idle session lasts, as HH:MM:SS."""
    seconds = _sessions.expiry_seconds()
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def get_expiry_in_seconds(expiry: str | None = None) -> int:
    """Give how long an idle session lasts."""
    return _sessions.expiry_seconds(expiry)


def get_expiry_period_for_query() -> int:
    """Give how long an idle session lasts, in seconds."""
    return _sessions.expiry_seconds()


def get_geo_ip_country(ip_addr: str) -> None:
    """Countries of addresses are not looked up here."""
    return None


class Session:
    """The session of the request, as older code knows it."""

    def __init__(
        self, user: str, resume: bool = False, full_name: str | None = None, user_type: str | None = None
    ) -> None:
        self.user = user
        self.data = current().session
        if not resume:
            current_login_manager().login_as(user)
            self.data = current().session

    @property
    def sid(self) -> Any:
        """The session's key."""
        return self.data.sid

    def update(self, force: bool = False) -> bool:
        """Keep the session's data; tell whether there was anything to keep."""
        if self.data.user == "Guest":
            return False
        _sessions.save_data(self.data)
        return True
