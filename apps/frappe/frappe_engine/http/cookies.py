"""Cookies of the answer, collected while the request is served.

Invariant: what apps set through `frappe.local.cookie_manager` is on the answer, whatever kind of answer it is; a
cookie is `Secure` when the request came over https.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from werkzeug.wrappers import Response

from frappe_engine.context.local import current

SESSION_COOKIES = ("sid", "user_id", "user_image", "full_name", "system_user")


class CookieManager:
    """`frappe.local.cookie_manager`."""

    def __init__(self) -> None:
        self.cookies: dict[str, dict[str, Any]] = {}
        self.to_delete: list[str] = []

    def set_cookie(
        self,
        key: str,
        value: str | None,
        expires: datetime | None = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: str = "Lax",
        max_age: int | None = None,
    ) -> None:
        """Set a cookie on the answer."""
        request = current().get("request")
        over_https = request is not None and request.scheme == "https"
        self.cookies[key] = {
            "value": str(value or ""),
            "expires": expires,
            "secure": secure or over_https,
            "httponly": httponly,
            "samesite": samesite,
            "max_age": max_age,
        }
        if key in self.to_delete:
            self.to_delete.remove(key)

    def delete_cookie(self, to_delete: str | list[str]) -> None:
        """Take cookies back from the client."""
        names = [to_delete] if isinstance(to_delete, str) else list(to_delete)
        for name in names:
            self.cookies.pop(name, None)
            if name not in self.to_delete:
                self.to_delete.append(name)

    def flush_cookies(self, response: Response) -> None:
        """Write everything onto the answer."""
        for key, options in self.cookies.items():
            response.set_cookie(
                key, _cookie_text(options["value"]), **{k: v for k, v in options.items() if k != "value"}
            )
        for name in self.to_delete:
            response.set_cookie(name, "", expires=datetime.now() + timedelta(days=-1))


def _cookie_text(value: str) -> str:
    """Quote what is no plain letter or digit, as clients expect it."""
    return quote(value, safe="/")
