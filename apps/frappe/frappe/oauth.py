"""OAuth 2 for apps that answer to clients by themselves: this site's address, who a user is, and errors as clients read them."""

from __future__ import annotations

from typing import Any

from frappe_engine.http.oauth.profile import issuer as get_server_url
from frappe_engine.http.oauth.profile import profile_of

import frappe

__all__ = ["generate_json_error_response", "get_server_url", "get_userinfo"]


def get_userinfo(user: Any) -> Any:
    """Give what OpenID Connect tells of a user, who is a name or a User."""
    return frappe._dict(profile_of(str(getattr(user, "name", user))))


def generate_json_error_response(e: Any) -> None:
    """Let the answer tell an error of OAuth: `error`, `description`, `status_code`, and that status."""
    frappe.local.response = frappe._dict(
        description=getattr(e, "description", "Internal Server Error"),
        status_code=getattr(e, "status_code", 500),
        error=getattr(e, "error", "internal_server_error"),
    )
    frappe.local.response["http_status_code"] = frappe.local.response["status_code"]
