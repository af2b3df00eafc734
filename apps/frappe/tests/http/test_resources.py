"""REST: documents and lists, version 1 and 2."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import ADMIN, TESTER, Web

DOCS, MASTERS = "/api/resource/HP Doc", "/api/resource/HP Master"


def _new(web: Web, **values: Any) -> dict[str, Any]:
    answer = web.post(DOCS, json={"title": "t", **values}, auth=ADMIN)
    assert answer.status_code == 200, answer.text
    return dict(answer.json["data"])


def test_a_new_document_comes_back_with_its_rows(web: Web) -> None:
    made = _new(
        web, title="one", amount="12.345", n="3", day="2026-01-02", rows=[{"item": "i1", "qty": 2}, {"item": "i2"}]
    )
    assert made["name"].startswith("HP-")
    assert (made["amount"], made["n"], made["day"], made["docstatus"]) == (12.345, 3, "2026-01-02", 0)
    assert [(row["idx"], row["item"], row["qty"], row["parent"]) for row in made["rows"]] == [
        (1, "i1", 2.0, made["name"]),
        (2, "i2", 0.0, made["name"]),
    ]


def test_empty_values_are_left_out(web: Web) -> None:
    assert "who" not in _new(web)


@pytest.mark.parametrize("body", [{"data": {"data": '{"title": "form"}'}}, {"data": {"title": "form"}}])
def test_form_bodies(web: Web, body: dict[str, Any]) -> None:
    assert web.post(DOCS, auth=ADMIN, **body).json["data"]["title"] == "form"


def test_a_given_name_is_kept_and_another_doctype_ignored(web: Web) -> None:
    made = _new(web, name="MY-NAME", doctype="ToDo")
    assert (made["name"], made["doctype"]) == ("MY-NAME", "HP Doc")


def test_reading(web: Web) -> None:
    made = _new(web, rows=[{"item": "i"}])
    found = web.get(f"{DOCS}/{made['name']}", auth=TESTER).json["data"]
    assert found["rows"][0]["item"] == "i"
    assert web.get(f"/api/v2/document/HP Doc/{made['name']}/", auth=TESTER).json["data"] == found


def test_names_may_hold_slashes(web: Web) -> None:
    _new(web, name="a/b c")
    assert web.get(f"{DOCS}/a%2Fb%20c", auth=ADMIN).json["data"]["name"] == "a/b c"


def test_changing(web: Web) -> None:
    made = _new(web, rows=[{"item": "i1"}, {"item": "i2"}])
    changed = web.put(f"{DOCS}/{made['name']}", json={"title": "b", "rows": [{"item": "only"}]}, auth=ADMIN).json[
        "data"
    ]
    assert changed["title"] == "b"
    assert [row["item"] for row in changed["rows"]] == ["only"]
    patched = web.ask("PATCH", f"/api/v2/document/HP Doc/{made['name']}", json={"title": "c"}, auth=ADMIN)
    assert patched.json["data"]["title"] == "c"


def test_the_place_of_a_document_is_a_whole_number(web: Web) -> None:
    made = web.post("/api/resource/ToDo", json={"description": "x", "idx": 6.1e-198}, auth=ADMIN).json["data"]
    assert made["idx"] == 0
    answer = web.post("/api/resource/ToDo", json={"description": "x", "idx": 10**12}, auth=ADMIN)
    assert (answer.status_code, answer.json["exc_type"]) == (417, "CharacterLengthExceededError")


def test_submitting_and_cancelling_by_docstatus(web: Web) -> None:
    path = f"{DOCS}/{_new(web)['name']}"
    assert web.put(path, json={"docstatus": 1}, auth=ADMIN).json["data"]["docstatus"] == 1
    assert web.put(path, json={"docstatus": 0}, auth=ADMIN).json["exc_type"] == "DocstatusTransitionError"
    assert web.put(path, json={"title": "x"}, auth=ADMIN).json["exc_type"] == "UpdateAfterSubmitError"
    assert web.put(path, json={"docstatus": 2}, auth=ADMIN).json["data"]["docstatus"] == 2


def test_submitting_and_cancelling_by_method(web: Web) -> None:
    path = f"/api/v2/document/HP Doc/{_new(web)['name']}/method"
    assert web.post(f"{path}/submit", auth=ADMIN).json["data"]["docstatus"] == 1
    assert web.post(f"{path}/cancel", auth=ADMIN).json["data"]["docstatus"] == 2


def test_deleting(web: Web) -> None:
    path = f"{DOCS}/{_new(web)['name']}"
    answer = web.delete(path, auth=ADMIN)
    assert (answer.status_code, answer.json) == (202, {"data": "ok"})
    assert web.delete(path, auth=ADMIN).status_code == 404


def test_a_stale_document_is_not_saved(web: Web) -> None:
    path = f"{DOCS}/{_new(web)['name']}"
    answer = web.put(path, json={"title": "stale", "modified": "2020-01-01 00:00:00.000000"}, auth=ADMIN)
    assert (answer.status_code, answer.json["exc_type"]) == (417, "TimestampMismatchError")


def test_a_copy_has_no_name(web: Web) -> None:
    made = _new(web, title="original")
    copy = web.get(f"/api/v2/document/HP Doc/{made['name']}/copy", auth=ADMIN).json["data"]
    assert copy == {"idx": 0, "title": "original", "kind": "A", "amount": 0.0, "n": 0, "doctype": "HP Doc", "rows": []}


def test_passwords_are_stars(web: Web) -> None:
    made = _new(web, secret="hunter2")
    assert made["secret"] == "*******"
    assert "hunter2" not in web.get(f"{DOCS}/{made['name']}", auth=ADMIN).text
    assert "hunter2" not in web.get(DOCS, params={"fields": '["*"]', "limit": 0}, auth=ADMIN).text


REFUSED = {
    "mandatory": ("post", DOCS, {"kind": "A"}, 417, "MandatoryError"),
    "mandatory in a row": ("post", DOCS, {"title": "t", "rows": [{"qty": 1}]}, 417, "MandatoryError"),
    "broken link": ("post", DOCS, {"title": "t", "who": "nobody"}, 417, "LinkValidationError"),
    "unknown choice": ("post", DOCS, {"title": "t", "kind": "Z"}, 417, "ValidationError"),
    "text in a number": ("post", DOCS, {"title": "t", "amount": "abc"}, 417, "ValidationError"),
    "no date": ("post", DOCS, {"title": "t", "day": "soon"}, 417, "InvalidDateError"),
    "over-long text": ("post", DOCS, {"title": "x" * 141}, 417, "CharacterLengthExceededError"),
    "list in a text": ("post", DOCS, {"title": ["a"]}, 417, "ValidationError"),
    "object in a text": ("post", DOCS, {"title": {"a": 1}}, 417, "ValidationError"),
    "text for a table": ("post", DOCS, {"title": "t", "rows": "abc"}, 417, "ValidationError"),
    "object for a table": ("post", DOCS, {"title": "t", "rows": {"item": "q"}}, 417, "ValidationError"),
    "texts for a table": ("post", DOCS, {"title": "t", "rows": ["q"]}, 417, "ValidationError"),
    "unknown DocType": ("post", "/api/resource/No Such", {"title": "x"}, 404, "DoesNotExistError"),
    "DocType in another spelling": ("post", "/api/resource/hp doc", {"title": "x"}, 404, "DoesNotExistError"),
    "row without parent": ("post", "/api/resource/HP Row", {"item": "x"}, 417, "MandatoryError"),
    "missing document": ("put", f"{DOCS}/nope", {"title": "x"}, 404, "DoesNotExistError"),
    "another name": ("put", f"{DOCS}/nope", {"name": "other"}, 404, "DoesNotExistError"),
    "no method named": ("post", f"{DOCS}/nope", {"title": "x"}, 417, "ValidationError"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_leaves_no_trace(web: Web, case: str) -> None:
    verb, path, body, status, kind = REFUSED[case]
    before = _count(web)
    answer = getattr(web, verb)(path, json=body, auth=ADMIN)
    assert (answer.status_code, answer.json["exc_type"]) == (status, kind)
    assert json.loads(json.loads(answer.json["_server_messages"])[0])["message"]
    assert _count(web) == before


def _count(web: Web) -> int:
    return int(web.get("/api/v2/doctype/HP Doc/count", auth=ADMIN).json["data"])


@pytest.mark.parametrize("raw", ['{"title": ', "5", '"abc"', "null", "[1, 2]", "\x00", "[" * 100_000])
def test_bodies_that_are_no_object(web: Web, raw: str) -> None:
    answer = web.post(DOCS, data=raw, content_type="application/json", auth=ADMIN)
    assert (answer.status_code, answer.json["exc_type"]) == (417, "ValidationError")


def test_duplicates(web: Web) -> None:
    assert web.post(MASTERS, json={"title": "M1"}, auth=ADMIN).status_code == 200
    answer = web.post(MASTERS, json={"title": "M1"}, auth=ADMIN)
    assert (answer.status_code, answer.json["exc_type"]) == (409, "DuplicateEntryError")
    _new(web, code="c1")
    answer = web.post(DOCS, json={"title": "t", "code": "c1"}, auth=ADMIN)
    assert (answer.status_code, answer.json["exc_type"]) == (417, "UniqueValidationError")


def test_without_rights_a_missing_document_is_as_forbidden_as_one_that_is_there(web: Web) -> None:
    web.post(MASTERS, json={"title": "hidden"}, auth=ADMIN)
    for name in ("hidden", "nope"):
        answer = web.get(f"{MASTERS}/{name}", auth=TESTER)
        assert (answer.status_code, answer.json["exc_type"]) == (403, "PermissionError")
    assert web.post(MASTERS, json={"title": "x"}, auth=TESTER).status_code == 403
    assert web.get(MASTERS, auth=TESTER).status_code == 403


def test_values_can_not_pose_as_the_life_cycle(web: Web) -> None:
    """Keys that the engine keeps for itself, and names of methods, are not taken from a body."""
    body = {
        "title": "x",
        "flags": {"ignore_permissions": True},
        "check_permission": 1,
        "validate": 1,
        "_action": "save",
    }
    assert web.post(MASTERS, json=body, auth=TESTER).status_code == 403
    doc = {"doctype": "HP Master", **body}
    assert web.post("/api/method/frappe.client.insert", json={"doc": doc}, auth=TESTER).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/api/resource/System Settings",
        "/api/v2/document/System Settings",
        "/api/v2/doctype/System Settings/count",
        "/api/method/frappe.client.get_count?doctype=System Settings",
        "/api/method/frappe.desk.search.search_link?doctype=System Settings&txt=",
    ],
)
def test_what_has_one_document_alone_has_no_list(web: Web, path: str) -> None:
    assert web.get(path, auth=ADMIN).status_code == 417


def test_what_has_one_document_alone_is_never_submitted(web: Web) -> None:
    answer = web.put("/api/resource/System Settings/System Settings", json={"docstatus": -7}, auth=ADMIN)
    assert answer.status_code == 417
    assert web.get("/api/resource/System Settings/System Settings", auth=ADMIN).json["data"]["docstatus"] == 0


@pytest.mark.parametrize("status", ["Infinity", "-Infinity", "NaN", "1e400", '"x"', "[1]"])
def test_a_docstatus_that_is_no_number_is_refused(web: Web, status: str) -> None:
    body = f'{{"title": "x", "docstatus": {status}}}'
    answer = web.post("/api/resource/HP Doc", data=body, content_type="application/json", auth=ADMIN)
    assert (answer.status_code, answer.json["exc_type"]) == (417, "ValidationError")
