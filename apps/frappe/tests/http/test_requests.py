"""The life of a request: transactions, hooks, retries, what is logged, what is left behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe_engine.context.errors import QueryDeadlockError
from frappe_engine.context.local import known_context
from werkzeug.exceptions import Conflict, HTTPException, NotFound, abort
from werkzeug.sansio.response import Response as Shape
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from .conftest import ADMIN, Web

seen: list[Any] = []


@frappe.whitelist(allow_guest=True)
def write_and_fail() -> None:
    frappe.get_doc({"doctype": "ToDo", "description": "must not stay"}).insert(ignore_permissions=True)
    raise RuntimeError("a fault of ours")


@frappe.whitelist(allow_guest=True)
def write() -> str:
    return frappe.get_doc({"doctype": "ToDo", "description": "written"}).insert(ignore_permissions=True).name


@frappe.whitelist(allow_guest=True)
def fail_at_first(times: int = 2) -> int:
    seen.append("try")
    frappe.msgprint("told once")
    frappe.get_doc({"doctype": "ToDo", "description": "retried"}).insert(ignore_permissions=True)
    if len(seen) <= times:
        raise QueryDeadlockError("lost")
    return len(seen)


@frappe.whitelist(allow_guest=True)
def call_later() -> None:
    frappe.local.request.after_response.add(lambda: seen.append(known_context().db is not None))


@frappe.whitelist(allow_guest=True)
def as_csv() -> None:
    frappe.response.update(type="csv", result=[["a", "b"], [1, "=2"]], doctype="Zahlen\r\nX-Evil: 1")


@frappe.whitelist(allow_guest=True)
def elsewhere(to: str) -> None:
    frappe.response.update(type="redirect", location=to)


@frappe.whitelist(allow_guest=True)
def typed(number: int, flag: bool = False, names: list | None = None, more: str | None = None) -> dict[str, Any]:
    return {"number": number, "flag": flag, "names": names, "more": more}


@frappe.whitelist(allow_guest=True)
def echo(text: str) -> str:
    return text


@frappe.whitelist(allow_guest=True, xss_safe=True)
def echo_as_is(text: str) -> str:
    return text


def at_request() -> None:
    seen.append("before")


def at_answer(response: Any, request: Any) -> None:
    response.headers["X-Hooked"] = request.path


@pytest.fixture(autouse=True)
def nothing_seen() -> Iterator[None]:
    seen.clear()
    yield
    seen.clear()


def _call(web: Web, name: str, verb: str = "POST", **options: Any) -> Any:
    return web.ask(verb, f"/api/method/{__name__}.{name}", **options)


def _count(web: Web, text: str) -> int:
    with web.site.connected() as context:
        return int(context.db.count("ToDo", {"description": text}))


def test_a_failure_undoes_everything_and_is_logged(web: Web) -> None:
    answer = _call(web, "write_and_fail")
    assert (answer.status_code, answer.json["exc_type"]) == (500, "RuntimeError")
    assert _count(web, "must not stay") == 0
    with web.site.connected() as context:
        title, text = context.db.row("SELECT `method`, `error` FROM `tabError Log` ORDER BY `creation` DESC")
    assert title == "RuntimeError: a fault of ours"
    assert "write_and_fail" in text


def test_post_commits_and_get_does_not(web: Web) -> None:
    assert _call(web, "write", "GET").status_code == 200
    assert _count(web, "written") == 0
    assert _call(web, "write", "POST").status_code == 200
    assert _count(web, "written") == 1


def test_a_lost_deadlock_is_tried_again(web: Web) -> None:
    answer = _call(web, "fail_at_first", json={"times": 2})
    assert answer.json["message"] == 3
    assert len(json.loads(answer.json["_server_messages"])) == 1
    assert _count(web, "retried") == 1


def test_a_request_that_always_loses_says_so(web: Web) -> None:
    answer = _call(web, "fail_at_first", json={"times": 9})
    assert (answer.status_code, answer.json["exc_type"]) == (508, "QueryDeadlockError")
    assert "try again in a few seconds" in answer.json["_server_messages"]
    assert len(seen) == 4


def test_callbacks_run_after_the_answer(web: Web) -> None:
    answer = web.client.open(f"/api/method/{__name__}.call_later", method="GET", buffered=False)
    assert seen == []
    answer.close()
    assert seen == [True]


def test_the_callers_context_is_left_alone(web: Web) -> None:
    with web.site.connected() as mine:
        web.get("/api/method/ping")
        assert known_context() is mine
        assert mine.db.count("User") > 0


def test_hooks_around_a_request(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    import frappe.hooks
    from frappe_engine.context import hooks

    monkeypatch.setattr(frappe.hooks, "before_request", [f"{__name__}.at_request"], raising=False)
    monkeypatch.setattr(frappe.hooks, "after_request", [f"{__name__}.at_answer"], raising=False)
    hooks.merged_hooks.cache_clear()
    try:
        assert web.get("/api/method/ping").headers["X-Hooked"] == "/api/method/ping"
        assert web.get("/api/method/nosuch").headers["X-Hooked"] == "/api/method/nosuch"
        assert seen == ["before", "before"]
    finally:
        monkeypatch.undo()
        hooks.merged_hooks.cache_clear()


class MakesItsOwn(NotFound):
    def get_response(self, *_args: Any) -> Response:  # type: ignore[override]
        return Response("made here", 451, {"X-Made": "1"})


RAISED: dict[str, Any] = {
    "carried": lambda: abort(Response("gone away", 410, {"X-Made": "1"})),
    "made": MakesItsOwn,
    "plain": lambda: Conflict("taken"),
    "elsewhere": lambda: abort(redirect("/there")),
    "no answer": lambda: HTTPException(response=Shape(status=409)),
}


@frappe.whitelist(allow_guest=True)
def raise_http(kind: str) -> None:
    frappe.local.cookie_manager.set_cookie("left", "behind")
    frappe.get_doc({"doctype": "ToDo", "description": f"before {kind}"}).insert(ignore_permissions=True)
    raise RAISED[kind]()


def raise_in_hook() -> None:
    if kind := frappe.request.headers.get("X-Raise"):
        raise RAISED[kind]()


@pytest.mark.parametrize(
    ("kind", "status", "text"), [("carried", 410, "gone away"), ("made", 451, "made here"), ("plain", 409, "taken")]
)
def test_an_http_exception_is_its_own_answer(web: Web, kind: str, status: int, text: str) -> None:
    answer = _call(web, "raise_http", data={"kind": kind})
    assert (answer.status_code, answer.headers.get("X-Made")) == (status, None if kind == "plain" else "1")
    assert text in answer.text
    assert answer.mimetype != "application/json"
    assert "Set-Cookie" not in answer.headers
    with web.site.connected() as context:
        assert not context.db.exists("ToDo", {"description": f"before {kind}"})


def test_an_http_exception_ends_a_request_before_it_starts(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    import frappe.hooks
    from frappe_engine.context import hooks

    monkeypatch.setattr(frappe.hooks, "before_request", [f"{__name__}.raise_in_hook"], raising=False)
    monkeypatch.setattr(frappe.hooks, "after_request", [f"{__name__}.at_answer"], raising=False)
    hooks.merged_hooks.cache_clear()
    try:
        for path in ("/api/method/ping", "/login"):
            answer = web.get(path, headers={"X-Raise": "elsewhere", "Accept": "text/html"})
            assert (answer.status_code, answer.headers["Location"]) == (302, "/there")
            assert "X-Hooked" not in answer.headers
            assert web.get(path, headers={"X-Raise": "made"}).text == "made here"
    finally:
        monkeypatch.undo()
        hooks.merged_hooks.cache_clear()


def test_an_http_exception_whose_answer_is_none_is_a_failure(web: Web) -> None:
    assert _call(web, "raise_http", data={"kind": "no answer"}).status_code == 500
    assert web.get("/api/method/ping").status_code == 200


def test_a_table_as_a_file(web: Web) -> None:
    answer = _call(web, "as_csv")
    assert answer.content_type.startswith("text/csv")
    assert "X-Evil" not in answer.headers
    assert answer.text.splitlines()[0] == '"a","b"'


def test_a_redirect_has_no_second_header(web: Web) -> None:
    answer = _call(web, "elsewhere", data={"to": "/app\r\nSet-Cookie: a=b"})
    assert answer.status_code == 302
    assert "\r" not in answer.headers["Location"]
    assert "a=b" not in answer.headers.get("Set-Cookie", "")


def test_arguments_become_what_is_declared(web: Web) -> None:
    answer = _call(web, "typed", data={"number": "5", "flag": "true", "names": '["a"]'})
    assert answer.json["message"] == {"number": 5, "flag": True, "names": ["a"], "more": None}
    for wrong in ({"number": "five"}, {"number": "1", "flag": "maybe"}, {"number": "1", "names": "{}"}):
        refused = _call(web, "typed", data=wrong)
        assert (refused.status_code, refused.json["exc_type"]) == (417, "FrappeTypeError")


def test_texts_of_guests_are_cleaned(web: Web) -> None:
    text = "<b>x</b><script>alert(1)</script>"
    assert _call(web, "echo", data={"text": text}).json["message"] == "<b>x</b>"
    assert _call(web, "echo_as_is", data={"text": text}).json["message"] == text
    assert _call(web, "echo", data={"text": text}, auth=ADMIN).json["message"] == text


def test_a_head_request_has_no_body(web: Web) -> None:
    answer = web.ask("HEAD", "/api/resource/HP Doc", auth=ADMIN)
    assert (answer.status_code, answer.data) == (200, b"")
