"""A test case that talks to the site over HTTP, within the process."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.tests.classes import FrappeTestCase
from frappe.tests.helpers import change_settings


class FrappeAPITestCase(FrappeTestCase):
    """Sends requests to the site's REST API as Administrator (or with the session `sid`)."""

    version = ""

    @property
    def site_url(self) -> str:
        """The address of the site."""
        return f"http://{frappe.local.site}"

    @property
    def TEST_CLIENT(self) -> Any:  # noqa: N802 - the public name
        """A client of the WSGI application."""
        from frappe_engine.http.app import Application
        from werkzeug.test import Client

        return Client(Application(frappe.local.sites_path, frappe.local.site))

    @property
    def sid(self) -> str:
        """A session of Administrator."""
        if not getattr(self, "_sid", None):
            answer = self.post(self.method("login"), {"usr": "Administrator", "pwd": self.admin_password})
            self._sid = answer.headers["Set-Cookie"].split("sid=", 1)[1].split(";", 1)[0]
        return str(self._sid)

    @property
    def admin_password(self) -> str:
        """Administrator's password: `admin_password` of the configuration, `admin` on sites made for tests."""
        return str(frappe.conf.get("admin_password") or "admin")

    def resource(self, *parts: str) -> str:
        """Give the path of a resource."""
        return "/".join(
            [
                "/api",
                *([self.version] if self.version else []),
                "resource" if self.version != "v2" else "document",
                *parts,
            ]
        )

    def method(self, *parts: str) -> str:
        """Give the path of a method."""
        return "/".join(["/api", *([self.version] if self.version else []), "method", *parts])

    def get(self, path: str, params: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """Send GET."""
        return self.TEST_CLIENT.get(path, query_string=params, **kwargs)

    def post(self, path: str, data: Any = None, **kwargs: Any) -> Any:
        """Send POST with JSON."""
        return self.TEST_CLIENT.post(path, json=data, **kwargs)

    def put(self, path: str, data: Any = None, **kwargs: Any) -> Any:
        """Send PUT with JSON."""
        return self.TEST_CLIENT.put(path, json=data, **kwargs)

    def patch(self, path: str, data: Any = None, **kwargs: Any) -> Any:
        """Send PATCH with JSON."""
        return self.TEST_CLIENT.patch(path, json=data, **kwargs)

    def delete(self, path: str, **kwargs: Any) -> Any:
        """Send DELETE."""
        return self.TEST_CLIENT.delete(path, **kwargs)


__all__ = ["FrappeAPITestCase", "change_settings"]
