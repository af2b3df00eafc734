"""A site served by the WSGI application itself, with users and DocTypes, for the tests of HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from frappe_engine.http.app import Application
from frappe_engine.testing import TestSite, temporary_site
from werkzeug.test import Client, TestResponse

PASSWORD = "Test-Pass-123"
ADMIN, TESTER, MANAGER = "token adminkey:adminsecret", "token testerkey:testersecret", "token managerkey:managersecret"
JSON = {"Accept": "application/json"}


@dataclass
class Web:
    """A browser or program that talks to the site; `headers` go with every request."""

    site: TestSite
    headers: dict[str, str] = field(default_factory=dict)
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = Client(Application(self.site.sites_path, self.site.name))

    def ask(self, method: str, path: str, **options: Any) -> TestResponse:
        """Send a request; `auth` is an `Authorization` header, everything else as werkzeug's client takes it."""
        headers = {**JSON, **self.headers, **options.pop("headers", {})}
        auth = options.pop("auth", None)
        if auth:
            headers["Authorization"] = auth
        return self.client.open(path, method=method, headers=headers, **{"buffered": True, **options})

    def get(self, path: str, **options: Any) -> TestResponse:
        """Ask by GET; `params` become the query string."""
        return self.ask("GET", path, query_string=options.pop("params", None), **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        """Ask by POST."""
        return self.ask("POST", path, **options)

    def put(self, path: str, **options: Any) -> TestResponse:
        """Ask by PUT."""
        return self.ask("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        """Ask by DELETE."""
        return self.ask("DELETE", path, **options)

    def login(self, user: str, password: str = PASSWORD) -> TestResponse:
        """Sign in; the cookies stay with this client."""
        return self.post("/api/method/login", data={"usr": user, "pwd": password})


@pytest.fixture(scope="module")
def served() -> Iterator[TestSite]:
    """A site with the users and DocTypes of these tests, for one module."""
    with temporary_site() as site:
        with site.connected() as context:
            _make_users()
            _make_doctypes()
            context.db.commit()
        yield site


@pytest.fixture
def web(served: TestSite) -> Web:
    """A client without cookies."""
    return Web(served)


@pytest.fixture
def other_web(served: TestSite) -> Web:
    """Another client of the same site."""
    return Web(served)


def _make_users() -> None:
    import frappe
    from frappe.utils.password import update_password

    frappe.db.set_single_value("System Settings", {"setup_complete": 1, "language": "en"})
    frappe.get_doc({"doctype": "Role", "role_name": "Oracle Role", "desk_access": 1}).insert()
    people = (
        ("tester", ["Oracle Role"], 1),
        ("manager", ["System Manager"], 1),
        ("plain", [], 1),
        ("off", ["Oracle Role"], 0),
    )
    for name, roles, enabled in people:
        values = {"doctype": "User", "email": f"{name}@example.com", "first_name": name, "send_welcome_email": 0}
        user = frappe.get_doc(
            {**values, "user_type": "System User", "roles": [{"role": role} for role in roles]}
        ).insert()
        user.update({"api_key": f"{name}key", "api_secret": f"{name}secret", "enabled": enabled, "language": "en"})
        user.save()
        update_password(user.name, PASSWORD)
    admin = frappe.get_doc("User", "Administrator")
    admin.update({"api_key": "adminkey", "api_secret": "adminsecret", "language": "en"})
    admin.save()


def _rights(role: str, *, submittable: bool = False) -> dict[str, Any]:
    rights = ["read", "write", "create", "delete", *(["submit", "cancel", "amend"] if submittable else [])]
    return {"role": role, **dict.fromkeys(rights, 1)}


def _make_doctypes() -> None:
    import frappe
    from frappe.model.meta import get_meta
    from frappe_engine.documents.metas import forget_meta, update_table

    data = {"fieldtype": "Data"}
    rows = [
        {"fieldname": "item", "label": "Item", "reqd": 1, **data},
        {"fieldname": "qty", "fieldtype": "Float", "label": "Qty"},
    ]
    fields = [
        {"fieldname": "title", "label": "Title", "reqd": 1, **data},
        {"fieldname": "kind", "fieldtype": "Select", "label": "Kind", "options": "A\nB"},
        {"fieldname": "amount", "fieldtype": "Currency", "label": "Amount"},
        {"fieldname": "n", "fieldtype": "Int", "label": "N"},
        {"fieldname": "day", "fieldtype": "Date", "label": "Day"},
        {"fieldname": "who", "fieldtype": "Link", "options": "User", "label": "Who"},
        {"fieldname": "code", "label": "Code", "unique": 1, **data},
        {"fieldname": "note", "fieldtype": "Small Text", "label": "Note", "allow_on_submit": 1},
        {"fieldname": "secret", "fieldtype": "Password", "label": "Secret"},
        {"fieldname": "rows", "fieldtype": "Table", "options": "HP Row", "label": "Rows"},
        {"fieldname": "amended_from", "fieldtype": "Link", "options": "HP Doc", "label": "Amended From", "no_copy": 1},
    ]
    both = [_rights("System Manager", submittable=True), {**_rights("Oracle Role", submittable=True), "export": 0}]
    title = [{"fieldname": "title", "label": "Title", **data}]
    for values in (
        {"name": "HP Row", "istable": 1, "fields": rows},
        {"name": "HP Doc", "is_submittable": 1, "autoname": "HP-.####", "permissions": both, "fields": fields},
        {"name": "HP Master", "autoname": "field:title", "permissions": [_rights("System Manager")], "fields": title},
    ):
        frappe.get_doc({"doctype": "DocType", "module": "Custom", "custom": 1, **values}).insert()
        if not frappe.db.table_exists(values["name"], cached=False):
            forget_meta(str(values["name"]))
            update_table(values["name"])
        assert get_meta(values["name"]).name == values["name"]
