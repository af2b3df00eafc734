"""The shape of every error, in one place.

v1: {"exc_type": class name, "exception": last line, "exc": JSON text of [traceback], "_server_messages": JSON text of
[JSON text of {"message", "title", "indicator", "raise_exception"}]}, v2: {"errors": [{"type", "message", "title", …}]}.
`exception` and `exc` are there only while System Settings allow tracebacks, and never with 404.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import ADMIN, TESTER, Web

CASES: dict[str, tuple[str, str, dict[str, Any], int, str]] = {
    "bad value": ("POST", "/resource/HP Doc", {"json": {"kind": "A"}}, 417, "MandatoryError"),
    "not there": ("GET", "/resource/HP Doc/nope", {}, 404, "DoesNotExistError"),
    "not allowed": ("GET", "/resource/HP Master", {"auth": TESTER}, 403, "PermissionError"),
    "no route": ("GET", "/nothing", {}, 404, "DoesNotExistError"),
    "wrong verb": ("DELETE", "/resource/HP Doc", {}, 405, "MethodNotAllowed"),
    "wrong header": ("GET", "/resource/HP Doc", {"auth": "token a:b"}, 401, "AuthenticationError"),
    "unknown field": ("GET", "/resource/HP Doc", {"query_string": {"fields": '["nofield"]'}}, 417, "DataError"),
    "broken JSON": ("GET", "/resource/HP Doc", {"query_string": {"filters": "{bad"}}, 417, "ValidationError"),
    "unknown function": ("GET", "/method/nosuch.fn", {}, 417, "ValidationError"),
}


def _ask(web: Web, case: str, version: str) -> Any:
    verb, path, options, _status, _kind = CASES[case]
    if version == "/v2":
        path = path.replace("/resource/", "/document/")
    return web.ask(verb, f"/api{version}{path}", **{"auth": ADMIN, **options})


@pytest.mark.parametrize("case", CASES)
def test_version_1(web: Web, case: str) -> None:
    answer = _ask(web, case, "")
    _verb, _path, _options, status, kind = CASES[case]
    assert (answer.status_code, answer.content_type, answer.json["exc_type"]) == (status, "application/json", kind)
    assert set(answer.json) <= {"exc_type", "exception", "exc", "_server_messages", "_error_message", "session_expired"}
    assert ("exc" in answer.json) == ("exception" in answer.json)
    assert status != 404 or "exc" not in answer.json
    for text in json.loads(answer.json.get("_server_messages", "[]")):
        assert set(json.loads(text)) <= {"message", "title", "indicator", "raise_exception", "__frappe_exc_id"}


@pytest.mark.parametrize("case", CASES)
def test_version_2(web: Web, case: str) -> None:
    answer = _ask(web, case, "/v2")
    _verb, _path, _options, status, kind = CASES[case]
    assert (answer.status_code, answer.content_type) == (status, "application/json")
    assert answer.json["errors"][0]["type"] == kind
    assert set(answer.json) <= {"errors", "messages", "session_expired"}
    assert "raise_exception" not in answer.json["errors"][0]


@pytest.mark.parametrize(
    "case", [name for name, values in CASES.items() if values[3] not in (401, 405) and name != "no route"]
)
def test_a_refusal_says_why(web: Web, case: str) -> None:
    assert json.loads(json.loads(_ask(web, case, "").json["_server_messages"])[0])["message"]
    assert _ask(web, case, "/v2").json["errors"][0]["message"]


def test_tracebacks_can_be_switched_off(web: Web) -> None:
    with web.site.connected() as context:
        context.db.set_single_value("System Settings", "allow_error_traceback", 0)
        context.db.commit()
    try:
        assert "exc" not in _ask(web, "bad value", "").json
        assert "exception" not in _ask(web, "bad value", "/v2").json["errors"][0]
    finally:
        with web.site.connected() as context:
            context.db.set_single_value("System Settings", "allow_error_traceback", 1)
            context.db.commit()


def test_exceptions_have_their_public_names(web: Web) -> None:
    body = _ask(web, "bad value", "").json
    assert body["exception"].startswith("frappe.exceptions.MandatoryError: ")
    assert "frappe_engine.context.errors" not in body["exc"]


@pytest.mark.parametrize("accept", ["text/html", "text/html,application/xhtml+xml", "text/plain"])
def test_browsers_get_a_page(web: Web, accept: str) -> None:
    answer = web.get("/api/resource/HP Doc/nope", auth=ADMIN, headers={"Accept": accept})
    assert (answer.status_code, answer.content_type) == (404, "text/html; charset=utf-8")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_scripts_get_json_whatever_they_accept(web: Web) -> None:
    headers = {"Accept": "text/html", "X-Requested-With": "XMLHttpRequest"}
    assert web.get("/api/resource/HP Doc/nope", auth=ADMIN, headers=headers).json["exc_type"] == "DoesNotExistError"


def test_messages_on_pages_are_escaped(web: Web) -> None:
    answer = web.get("/api/resource/<img src=x onerror=alert(1)>/x", auth=ADMIN, headers={"Accept": "text/html"})
    assert "onerror" not in answer.text
