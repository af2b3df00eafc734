"""The desk's calls are made as the desk makes them: through the WSGI application."""

from __future__ import annotations

from typing import Any

import pytest
from frappe_engine.testing import TestSite

from ..http.conftest import ADMIN, TESTER, Web, other_web, served, web

__all__ = ["ADMIN", "TESTER", "Desk", "desk", "other_web", "served", "web"]


class Desk:
    """Calls functions as the desk does: reads by GET, writes by POST with form fields, objects as JSON text."""

    def __init__(self, web: Web, auth: str = ADMIN) -> None:
        self.web = web
        self.auth = auth

    def read(self, method: str, /, **values: Any) -> Any:
        """Call by GET; give the whole answer."""
        return self.web.get(f"/api/method/{method}", params=_as_text(values), auth=self.auth)

    def write(self, method: str, /, **values: Any) -> Any:
        """Call by POST; give the whole answer."""
        return self.web.post(f"/api/method/{method}", data=_as_text(values), auth=self.auth)

    def get(self, method: str, /, **values: Any) -> Any:
        """Call by GET; give the message."""
        answer = self.read(method, **values)
        assert answer.status_code == 200, answer.text
        return answer.json.get("message")

    def post(self, method: str, /, **values: Any) -> Any:
        """Call by POST; give the message."""
        answer = self.write(method, **values)
        assert answer.status_code == 200, answer.text
        return answer.json.get("message")

    def new(self, doctype: str = "ToDo", **values: Any) -> str:
        """Store a document; give its name."""
        answer = self.web.post(f"/api/resource/{doctype}", json=values, auth=self.auth)
        assert answer.status_code == 200, answer.text
        return str(answer.json["data"]["name"])

    def as_user(self, auth: str) -> Desk:
        """The same desk for somebody else."""
        return Desk(self.web, auth)


def _as_text(values: dict[str, Any]) -> dict[str, Any]:
    import json

    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}


@pytest.fixture
def desk(served: TestSite) -> Desk:
    """The desk of Administrator."""
    return Desk(Web(served))
