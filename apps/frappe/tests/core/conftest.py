"""Fixtures for the tests of the framework's own DocTypes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

PASSWORD = "Tall-Blue-Boxes-7"


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The public package, connected as Administrator; undone after the test."""
    return frappe_connected


@pytest.fixture
def make_user(frappe: Any) -> Callable[..., Any]:
    """Make a user with roles: `make_user("a@example.com", "System Manager")`."""

    def make(email: str, *roles: str, **values: Any) -> Any:
        user = frappe.get_doc({"doctype": "User", "email": email, "first_name": email.partition("@")[0], **values})
        user.append_roles(*roles)
        return user.insert()

    return make


@pytest.fixture
def acting_as(frappe: Any) -> Callable[[str], Any]:
    """A with-block in which another user asks."""

    @contextmanager
    def act(user: str) -> Iterator[None]:
        before = frappe.session.user
        frappe.set_user(user)
        try:
            yield
        finally:
            frappe.set_user(before)

    return act


@pytest.fixture
def make_doctype(frappe: Any) -> Iterator[Callable[..., Any]]:
    """Make a DocType of the site: `make_doctype("Box", [{"fieldname": "size", "fieldtype": "Int"}])`.

    MariaDB commits when tables change, so what was made is deleted after the test.
    """
    made: list[str] = []

    def make(name: str, fields: list[dict[str, Any]] | None = None, **values: Any) -> Any:
        rights = {"role": "System Manager", "read": 1, "write": 1, "create": 1, "delete": 1}
        rules = {} if values.get("istable") else {"permissions": [rights]}
        given = fields if fields is not None else [{"label": "Title", "fieldname": "title", "fieldtype": "Data"}]
        doctype = frappe.get_doc(
            {"doctype": "DocType", "name": name, "module": "Custom", "custom": 1, "fields": given, **rules, **values}
        )
        doctype.insert()
        made.append(name)
        return doctype

    yield make
    if frappe.db.is_sqlite:
        return
    for name in reversed(made):
        frappe.db.rollback()
        frappe.delete_doc("DocType", name, force=True, ignore_missing=True)
        frappe.db.commit()
