"""Signing in and out, cookies, CSRF and `Authorization` headers."""

from __future__ import annotations

from frappe_engine.context.local import local
from frappe_engine.http.attempts import LoginAttemptTracker
from frappe_engine.http.attempts import tracker_for as get_login_attempt_tracker
from frappe_engine.http.cookies import CookieManager
from frappe_engine.http.csrf import CHANGING
from frappe_engine.http.login import LoginManager, clear_cookies
from frappe_engine.http.tokens import authenticate

import frappe

SAFE_HTTP_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
UNSAFE_HTTP_METHODS = CHANGING

__all__ = [
    "CookieManager",
    "LoginAttemptTracker",
    "LoginManager",
    "clear_cookies",
    "get_logged_user",
    "get_login_attempt_tracker",
    "validate_auth",
    "validate_ip_address",
]


@frappe.whitelist()
def get_logged_user() -> str:
    """Give the user who asks."""
    return str(local.session.user)


def validate_auth() -> None:
    """Act for the user of the request's `Authorization` header. Raises `AuthenticationError`."""
    headers = local.request.headers
    authenticate(headers.get("Authorization"), headers.get("Frappe-Authorization-Source"))


def validate_ip_address(user: str) -> None:
    """Raise `AuthenticationError` when a user may not sign in from the request's address."""
    manager = LoginManager()
    manager.user = user
    manager.validate_ip_address()
