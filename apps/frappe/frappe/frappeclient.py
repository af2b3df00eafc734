"""A client for another site's REST interface.

Invariant: an answer that is no success raises with what the site said.
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import requests

import frappe

TIMEOUT_S = 30


class AuthError(Exception):
    """The other site refused the sign-in."""


class SiteUnreachableError(Exception):
    """The other site does not answer."""


class FrappeException(Exception):
    """The other site refused a call."""


class FrappeClient:
    """A session with another site: by password, or by API key and secret."""

    def __init__(
        self,
        url: str,
        username: str | None = None,
        password: str | None = None,
        verify: bool = True,
        api_key: str | None = None,
        api_secret: str | None = None,
        frappe_authorization_source: str | None = None,
    ) -> None:
        self.url, self.verify = url.rstrip("/"), verify
        self.api_key, self.api_secret = api_key, api_secret
        self.frappe_authorization_source = frappe_authorization_source
        self.session = requests.Session()
        self.headers = {"Accept": "application/json"}
        if api_key and api_secret:
            token = b64encode(f"{api_key}:{api_secret}".encode()).decode()
            self.headers["Authorization"] = f"Basic {token}"
            if frappe_authorization_source:
                self.headers["Frappe-Authorization-Source"] = frappe_authorization_source
        elif username and password:
            self._login(username, password)

    def __enter__(self) -> FrappeClient:
        return self

    def __exit__(self, *_error: object) -> None:
        self.logout()

    def _login(self, username: str, password: str) -> None:
        answer = self._ask("POST", "/api/method/login", data={"usr": username, "pwd": password})
        if answer.status_code != 200:
            raise AuthError

    def logout(self) -> None:
        """End the session."""
        self._ask("GET", "/api/method/logout")

    def _ask(self, method: str, path: str, **options: Any) -> requests.Response:
        try:
            return self.session.request(
                method, f"{self.url}{path}", headers=self.headers, verify=self.verify, timeout=TIMEOUT_S, **options
            )
        except requests.ConnectionError as error:
            raise SiteUnreachableError(str(error)) from error

    def _answer(self, method: str, path: str, **options: Any) -> Any:
        answer = self._ask(method, path, **options)
        try:
            body = answer.json()
        except ValueError:
            body = {}
        if not answer.ok:
            raise FrappeException(body.get("exception") or body.get("exc_type") or answer.text[:500])
        return body.get("message", body.get("data"))

    def get_list(
        self,
        doctype: str,
        fields: Any = '["name"]',
        filters: Any = None,
        limit_start: int = 0,
        limit_page_length: int | None = None,
    ) -> Any:
        """Give documents of the other site."""
        asked = {"fields": fields if isinstance(fields, str) else json.dumps(fields), "limit_start": limit_start}
        if filters:
            asked["filters"] = json.dumps(filters)
        if limit_page_length is not None:
            asked["limit_page_length"] = limit_page_length
        return self._answer("GET", f"/api/resource/{doctype}", params=asked)

    def get_doc(self, doctype: str, name: str = "", filters: Any = None, fields: Any = None) -> Any:
        """Give a document of the other site, or (with `filters`) those that fit."""
        if filters:
            return self.get_list(doctype, fields or '["*"]', filters)
        return self._answer("GET", f"/api/resource/{doctype}/{name}")

    def get_value(self, doctype: str, fieldname: Any = None, filters: Any = None) -> Any:
        """Give values of a document."""
        asked = {
            "doctype": doctype,
            "fieldname": frappe.as_json(fieldname or "name"),
            "filters": frappe.as_json(filters),
        }
        return self.get_api("frappe.client.get_value", asked)

    def insert(self, doc: Any) -> Any:
        """Store a new document."""
        return self._answer("POST", f"/api/resource/{doc['doctype']}", data={"data": frappe.as_json(doc)})

    def insert_many(self, docs: Any) -> Any:
        """Store new documents, all or none; give their names."""
        return self.post_api("frappe.client.insert_many", {"docs": frappe.as_json(docs)})

    def update(self, doc: Any) -> Any:
        """Change a document."""
        return self._answer("PUT", f"/api/resource/{doc['doctype']}/{doc['name']}", data={"data": frappe.as_json(doc)})

    def set_value(self, doctype: str, docname: str, fieldname: str, value: Any) -> Any:
        """Set a value of a document."""
        asked = {"doctype": doctype, "name": docname, "fieldname": fieldname, "value": value}
        return self.post_api("frappe.client.set_value", asked)

    def delete(self, doctype: str, name: str) -> Any:
        """Delete a document."""
        return self.post_api("frappe.client.delete", {"doctype": doctype, "name": name})

    def submit(self, doc: Any) -> Any:
        """Submit a document."""
        return self.post_api("frappe.client.submit", {"doc": frappe.as_json(doc)})

    def cancel(self, doctype: str, name: str) -> Any:
        """Cancel a document."""
        return self.post_api("frappe.client.cancel", {"doctype": doctype, "name": name})

    def rename_doc(self, doctype: str, old_name: str, new_name: str) -> Any:
        """Rename a document."""
        return self.post_api(
            "frappe.client.rename_doc", {"doctype": doctype, "old_name": old_name, "new_name": new_name}
        )

    def get_api(self, method: str, params: Any = None) -> Any:
        """Call a function by GET."""
        return self._answer("GET", f"/api/method/{method}", params=params)

    def post_api(self, method: str, params: Any = None) -> Any:
        """Call a function by POST."""
        return self._answer("POST", f"/api/method/{method}", data=params)

    def get_request(self, params: Any) -> Any:
        """Call what `cmd` of the parameters names, by GET."""
        return self._answer("GET", "/", params=params)

    def post_request(self, data: Any) -> Any:
        """Call what `cmd` of the parameters names, by POST."""
        return self._answer("POST", "/", data=data)
