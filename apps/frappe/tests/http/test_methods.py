"""Calls of functions: how they are found, who may call them, what arrives."""

from __future__ import annotations

import sys

import pytest

from .conftest import ADMIN, TESTER, Web


@pytest.mark.parametrize("path", ["/api/method/ping", "/api/method/frappe.ping", "/api/v1/method/ping"])
def test_everybody_may_ping(web: Web, path: str) -> None:
    assert web.get(path).json == {"message": "pong"}


def test_version_2_answers_under_data(web: Web) -> None:
    assert web.get("/api/v2/method/ping").json == {"data": "pong"}


def test_old_clients_ask_for_the_version(web: Web) -> None:
    import frappe

    assert web.get("/api/method/version").json == {"message": frappe.__version__}


def test_what_follows_a_further_slash_is_ignored(web: Web) -> None:
    assert web.get("/api/method/ping/whatever").json == {"message": "pong"}


def test_cmd_reaches_functions_too(web: Web) -> None:
    answer = web.post("/", data={"cmd": "frappe.client.get_count", "doctype": "HP Doc"}, auth=ADMIN)
    assert answer.json == {"message": 0}


def test_guests_may_not_call_what_is_for_users(web: Web) -> None:
    answer = web.get("/api/method/frappe.client.get_list", params={"doctype": "User"})
    assert (answer.status_code, answer.json["exc_type"]) == (403, "PermissionError")


def test_functions_that_were_not_marked_are_refused(web: Web) -> None:
    answer = web.get("/api/method/frappe.utils.nowdate", auth=ADMIN)
    assert (answer.status_code, answer.json["exc_type"]) == (403, "PermissionError")


@pytest.mark.parametrize("path", ["nosuch", "nosuch.module.fn", "frappe.client.nofn", "frappe.nosuch.fn"])
def test_paths_that_lead_nowhere_are_refused(web: Web, path: str) -> None:
    answer = web.get(f"/api/method/{path}", auth=ADMIN)
    assert (answer.status_code, answer.json["exc_type"]) == (417, "ValidationError")
    assert path in answer.json["_server_messages"]


def test_the_verb_must_be_allowed(web: Web) -> None:
    answer = web.get("/api/method/frappe.client.insert", auth=ADMIN)
    assert (answer.status_code, answer.json["exc_type"]) == (403, "PermissionError")


def test_a_missing_argument_is_named(web: Web) -> None:
    answer = web.get("/api/method/frappe.client.get_value", auth=ADMIN)
    assert answer.status_code == 417
    assert "doctype" in answer.json["_server_messages"]


def test_an_argument_of_the_wrong_type_is_refused(web: Web) -> None:
    answer = web.post("/api/method/frappe.client.get_count", json={"doctype": ["ToDo"]}, auth=ADMIN)
    assert (answer.status_code, answer.json["exc_type"]) == (417, "FrappeTypeError")


def test_arguments_that_a_function_does_not_take_are_dropped(web: Web) -> None:
    params = {"doctype": "HP Doc", "foo": "1", "_": "123"}
    assert web.get("/api/method/frappe.client.get_count", params=params, auth=TESTER).status_code == 200


def test_a_method_by_the_name_of_its_doctype(web: Web) -> None:
    answer = web.get("/api/v2/method/User/get_all_roles", auth=ADMIN)
    assert "Oracle Role" in str(answer.json["data"])


def test_a_document_method_needs_to_be_marked(web: Web) -> None:
    name = web.post("/api/resource/HP Doc", json={"title": "m"}, auth=ADMIN).json["data"]["name"]
    answer = web.post(
        "/api/method/run_doc_method", json={"dt": "HP Doc", "dn": name, "method": "get_title"}, auth=ADMIN
    )
    assert (answer.status_code, answer.json["exc_type"]) == (403, "PermissionError")


def test_a_marked_document_method_gives_the_document_back(web: Web) -> None:
    name = web.post("/api/resource/HP Doc", json={"title": "m"}, auth=ADMIN).json["data"]["name"]
    values = {"dt": "HP Doc", "dn": name, "method": "add_comment", "args": {"text": "seen"}}
    answer = web.post("/api/method/run_doc_method", json=values, auth=ADMIN)
    assert answer.json["docs"][0]["name"] == name
    assert answer.json["message"]["content"] == "seen"


@pytest.mark.parametrize(
    "path", ["os.environ", "sys.argv", "frappe_engine.http.uploads.SIGNATURES", "this.s", "antigravity.x"]
)
def test_values_and_modules_outside_of_apps_are_no_functions(web: Web, path: str) -> None:
    answer = web.post(f"/api/method/{path}", json={})
    assert (answer.status_code, answer.json["exc_type"]) == (417, "ValidationError")
    assert not {"this", "antigravity"} & set(sys.modules)
