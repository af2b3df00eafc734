"""The description of the API: valid, true of what the server does, and no wider than the asker's rights."""

from __future__ import annotations

import re
from typing import Any

import frappe
import pytest
from frappe_engine.context.hooks import get_attr
from frappe_engine.context.whitelist import whitelisted
from frappe_engine.http import routes
from frappe_engine.http.openapi.arguments import body_schema, schema_of
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from .conftest import ADMIN, TESTER, Web

OPENAPI = "/api/openapi.json"


@pytest.fixture(scope="module")
def for_admin(served: Any) -> dict[str, Any]:
    """The description as Administrator gets it."""
    return described(Web(served), ADMIN)


def described(web: Web, auth: str | None = None, **params: str) -> dict[str, Any]:
    answer = web.get(OPENAPI, auth=auth, params=params)
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    return answer.json


def test_it_is_valid(for_admin: dict[str, Any]) -> None:
    assert for_admin["openapi"] == "3.1.0"
    validate(for_admin)


def test_every_route_exists(for_admin: dict[str, Any]) -> None:
    for path, item in for_admin["paths"].items():
        for verb in item.keys() - {"parameters"}:
            assert routes._match(re.sub(r"\{\w+\}", "x", path), verb.upper()), (verb, path)


def test_every_function_can_be_called(web: Web, for_admin: dict[str, Any]) -> None:
    paths = [path.removeprefix("/api/method/") for path in for_admin["paths"] if path.startswith("/api/method/")]
    with web.site.connected():
        assert [path for path in paths if "." in path and get_attr(path) not in whitelisted] == []
    known = {"frappe.client.get_list", "frappe.desk.form.load.getdoc", "ping", "login", "upload_file"}
    assert known <= set(paths)


def test_operations_have_ids_of_their_own(for_admin: dict[str, Any]) -> None:
    ids = [
        operation["operationId"]
        for item in for_admin["paths"].values()
        for verb, operation in item.items()
        if verb != "parameters"
    ]
    assert len(ids) == len(set(ids))


def test_fields_have_their_types(for_admin: dict[str, Any]) -> None:
    fields = for_admin["components"]["schemas"]["HP_Doc"]["properties"]
    assert fields["title"] == {"type": ["string", "null"], "maxLength": 140, "title": "Title"}
    assert fields["kind"]["enum"] == ["A", "B", "", None]
    assert (fields["amount"]["type"], fields["n"]["type"], fields["day"]["format"]) == ("number", "integer", "date")
    assert fields["who"]["x-frappe-link"] == "User"
    assert fields["rows"] == {"type": "array", "items": {"$ref": "#/components/schemas/HP_Row"}, "title": "Rows"}


def test_documents_are_as_described(web: Web, for_admin: dict[str, Any]) -> None:
    values = {"title": "t", "kind": "A", "day": "2026-01-31", "rows": [{"item": "x", "qty": 1.5}]}
    document = web.post("/api/resource/HP Doc", json=values, auth=ADMIN).json["data"]
    schema = {"$ref": "#/components/schemas/HP_Doc", "components": for_admin["components"]}
    errors = [error.message for error in Draft202012Validator(schema).iter_errors(document)]
    assert errors == []
    wrong = {**document, "n": "many", "kind": "C"}
    assert len(list(Draft202012Validator(schema).iter_errors(wrong))) == 2


def test_a_new_document_needs_its_mandatory_fields(for_admin: dict[str, Any]) -> None:
    body = for_admin["paths"]["/api/resource/HP%20Doc"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"]["allOf"][1]["required"] == ["title"]


def test_verbs_follow_rights(web: Web) -> None:
    paths = described(web, TESTER)["paths"]
    assert set(paths["/api/resource/HP%20Doc"]) == {"get", "post"}
    assert "/api/v2/document/HP%20Doc/{name}/method/submit" in paths
    assert "/api/resource/HP%20Master" not in paths


def test_guests_see_what_is_for_guests(web: Web) -> None:
    found = described(web)
    assert [path for path in found["paths"] if path.startswith("/api/resource")] == []
    assert "/api/method/ping" in found["paths"]
    assert "/api/method/frappe.client.get_list" not in found["paths"]
    assert all(name.startswith("-") for name in found["components"]["schemas"])


def test_fields_above_the_askers_level_are_not_described(web: Web) -> None:
    with web.site.connected() as context:
        frappe.get_doc(
            {"doctype": "Custom Field", "dt": "HP Doc", "fieldname": "margin", "fieldtype": "Currency", "permlevel": 3}
        ).insert()
        context.db.commit()
    assert "margin" not in described(web, TESTER, doctype="HP Doc")["components"]["schemas"]["HP_Doc"]["properties"]
    assert "margin" in described(web, ADMIN, doctype="HP Doc")["components"]["schemas"]["HP_Doc"]["properties"]


def test_it_can_be_narrowed_down(web: Web) -> None:
    found = described(web, ADMIN, doctype="HP Doc, HP Master")["paths"]
    assert {path for path in found if path.startswith("/api/resource")} == {
        f"/api/resource/{name}" for name in ("HP%20Doc", "HP%20Doc/{name}", "HP%20Master", "HP%20Master/{name}")
    }
    assert web.get(OPENAPI, auth=TESTER, params={"doctype": "HP Master"}).status_code == 403
    assert web.get(OPENAPI, auth=ADMIN, params={"app": "nosuch"}).status_code == 404


def test_it_is_sent_again_only_when_it_changed(web: Web) -> None:
    first = web.get(OPENAPI, auth=ADMIN, params={"doctype": "ToDo"})
    again = web.get(OPENAPI, auth=ADMIN, params={"doctype": "ToDo"}, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_page_runs_no_script_of_its_own(web: Web) -> None:
    page = web.get("/api/docs", headers={"Accept": "text/html"})
    assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert re.findall(r"<script[^>]*>[^<]+</script>", page.text) == []
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert all(address.startswith(("/assets/", "/api/")) for address in addresses)
    for address in addresses[:2]:
        assert web.get(address).status_code == 200


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        (int, {"type": "integer"}),
        (str | None, {"type": ["string", "null"]}),
        (list[int], {"type": "array", "items": {"type": "integer"}}),
        (dict[str, Any], {"type": "object"}),
        (Any, {}),
        (int | Any, {}),
    ],
)
def test_annotations_become_schemas(annotation: Any, schema: dict[str, Any]) -> None:
    assert schema_of(annotation) == schema


def test_arguments_without_a_default_are_required() -> None:
    def function(doctype: str, limit: int = 20, _own: Any = None) -> None: ...

    found = body_schema(function)
    assert found["required"] == ["doctype"]
    assert found["properties"]["limit"] == {"type": "integer", "default": 20}
