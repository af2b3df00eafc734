"""A client of the product's REST API over a real connection, as an external system is one, and a shop to talk about."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import requests

TIMEOUT_S = 60
SYSTEM, ADMINISTRATOR = "token systemkey:systemsecret", "token adminkey:adminsecret"


@dataclass
class Answer:
    """What came back: the status, the body where it is JSON, and the messages a person would read."""

    status: int
    body: dict[str, Any]

    @property
    def messages(self) -> str:
        """The messages of the answer, one per line."""
        texts = json.loads(self.body.get("_server_messages", "[]"))
        return "\n".join(str(json.loads(text)["message"]) for text in texts)

    @property
    def kind(self) -> str:
        """The kind of refusal, empty for success."""
        return str(self.body.get("exc_type", ""))


@dataclass
class Api:
    """The API at an address, asked with one `Authorization` header."""

    address: str
    authorization: str | None = SYSTEM
    session: requests.Session = field(default_factory=requests.Session)

    def ask(self, method: str, path: str, **options: Any) -> Answer:
        """Send a request to a path below `/api/`; options as `requests` takes them."""
        headers = {"Accept": "application/json", **options.pop("headers", {})}
        if self.authorization:
            headers["Authorization"] = self.authorization
        answer = self.session.request(
            method, f"{self.address}/api/{path}", headers=headers, timeout=TIMEOUT_S, **options
        )
        return Answer(answer.status_code, answer.json())

    def create(self, doctype: str, **fields: Any) -> dict[str, Any]:
        """Store a document and give it; anything but success fails the test."""
        return _data(self.ask("POST", f"resource/{doctype}", json=fields))

    def change(self, doctype: str, name: str, **fields: Any) -> dict[str, Any]:
        """Change a document and give it; anything but success fails the test."""
        return _data(self.ask("PUT", f"resource/{doctype}/{quote(name, safe='')}", json=fields))

    def submit(self, doctype: str, **fields: Any) -> dict[str, Any]:
        """Store a document, submit it, and give it."""
        return self.change(doctype, self.create(doctype, **fields)["name"], docstatus=1)

    def find(self, doctype: str, *fields: str, **filters: Any) -> list[list[Any]]:
        """Give the values of `fields` of all documents that fit, oldest first."""
        wanted = {"fields": json.dumps(fields), "filters": json.dumps(filters), "as_dict": 0}
        options = {**wanted, "order_by": "creation asc", "limit_page_length": 0}
        return list(_data(self.ask("GET", f"resource/{doctype}", params=options)))


def _data(answer: Answer) -> Any:
    assert answer.status == 200, f"{answer.status} {answer.kind}: {answer.messages or answer.body}"
    return answer.body["data"]


def make_clients(frappe: Any) -> None:
    """Make the user of an external system, and give it and Administrator their keys; commits."""
    frappe.db.set_single_value("System Settings", {"setup_complete": 1, "language": "en"})
    values = {"doctype": "User", "email": "system@example.com", "first_name": "Shop system", "send_welcome_email": 0}
    user = frappe.get_doc({**values, "roles": [{"role": "External System"}]}).insert()
    user.update({"api_key": "systemkey", "api_secret": "systemsecret", "language": "en"})
    user.save()
    admin = frappe.get_doc("User", "Administrator")
    admin.update({"api_key": "adminkey", "api_secret": "adminsecret", "language": "en"})
    admin.save()
    frappe.db.commit()
