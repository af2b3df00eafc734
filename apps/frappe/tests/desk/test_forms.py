"""Forms: DocTypes, documents with what stands beside them, saving."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from .conftest import TESTER, Desk

PLAIN = "token plainkey:plainsecret"


def test_a_doctype_comes_with_those_of_its_rows(desk: Desk) -> None:
    answer = desk.read("frappe.desk.form.load.getdoctype", doctype="HP Doc", with_parent="1").json
    names = [doc["name"] for doc in answer["docs"]]
    assert names == ["HP Doc", "HP Row"]
    fields = {field["fieldname"]: field for field in answer["docs"][0]["fields"]}
    assert (fields["title"]["reqd"], fields["rows"]["options"]) == (1, "HP Row")
    assert answer["user_settings"] == "{}"


def test_guests_get_no_doctypes(desk: Desk) -> None:
    assert desk.as_user("").read("frappe.desk.form.load.getdoctype", doctype="HP Doc").status_code == 403


def test_scripts_have_addresses_of_their_own(desk: Desk) -> None:
    desk.new(
        "Client Script", name="HP script", dt="HP Doc", view="Form", enabled=1, script="frappe.ui.form.on('HP Doc', {})"
    )
    doc = desk.read("frappe.desk.form.load.getdoctype", doctype="HP Doc").json["docs"][0]
    assert "__list_js_url" not in doc
    assert "__js" not in doc
    answer = desk.web.get(doc["__js_url"], auth=TESTER)
    assert answer.content_type.startswith("text/javascript")
    assert answer.text == "(function () {\nfrappe.ui.form.on('HP Doc', {})\n}).call(window);\n"
    assert "immutable" in answer.headers["Cache-Control"]
    assert desk.web.get(doc["__js_url"], auth=PLAIN).status_code == 403


def test_a_document_comes_with_what_stands_beside_it(desk: Desk) -> None:
    name = desk.new("HP Doc", title="beside")
    desk.post(
        "frappe.desk.form.utils.add_comment", reference_doctype="HP Doc", reference_name=name, content="<p>seen</p>"
    )
    answer = desk.read("frappe.desk.form.load.getdoc", doctype="HP Doc", name=name).json
    assert answer["docs"][0]["title"] == "beside"
    info = answer["docinfo"]
    assert [comment["content"] for comment in info["comments"]] == ["<p>seen</p>"]
    assert info["permissions"]["write"] == 1
    assert info["user_info"]["Administrator"]["fullname"] == "Administrator"
    for key in ("versions", "attachments", "assignments", "shared", "tags", "communications", "views"):
        assert key in info


def test_what_may_not_be_read_does_not_come(desk: Desk) -> None:
    name = desk.new("HP Doc", title="hidden")
    answer = desk.as_user(PLAIN).read("frappe.desk.form.load.getdoc", doctype="HP Doc", name=name)
    assert (answer.status_code, answer.json["exc_type"]) == (403, "PermissionError")
    assert "hidden" not in answer.text


def test_a_missing_document_is_an_empty_answer(desk: Desk) -> None:
    assert desk.get("frappe.desk.form.load.getdoc", doctype="HP Doc", name="nope") == []


def _save(desk: Desk, action: str = "Save", **doc: Any) -> Any:
    return desk.write("frappe.desk.form.save.savedocs", doc={"doctype": "HP Doc", **doc}, action=action)


def test_a_new_form_is_stored_under_its_real_name(desk: Desk) -> None:
    row = {"doctype": "HP Row", "name": "new-hp-row-1", "__islocal": 1, "item": "i"}
    answer = _save(desk, name="new-hp-doc-1", __islocal=1, __unsaved=1, title="from a form", rows=[row]).json
    saved = answer["docs"][0]
    assert (saved["localname"], saved["title"]) == ("new-hp-doc-1", "from a form")
    assert saved["name"].startswith("HP-")
    assert not saved["rows"][0]["name"].startswith("new-")
    assert answer["docinfo"]["name"] == saved["name"]


def test_a_form_is_saved_submitted_and_cancelled(desk: Desk) -> None:
    name = desk.new("HP Doc", title="a", rows=[{"item": "i"}])
    doc = desk.read("frappe.desk.form.load.getdoc", doctype="HP Doc", name=name).json["docs"][0]
    saved = _save(desk, **{**doc, "title": "b"}).json["docs"][0]
    submitted = _save(desk, "Submit", **saved).json["docs"][0]
    assert (saved["title"], submitted["docstatus"]) == ("b", 1)
    cancelled = desk.write("frappe.desk.form.save.cancel", doctype="HP Doc", name=name).json["docs"][0]
    assert (cancelled["docstatus"], cancelled["rows"][0]["docstatus"]) == (2, 2)


def test_a_conflict_is_told(desk: Desk) -> None:
    name = desk.new("HP Doc", title="a")
    doc = desk.read("frappe.desk.form.load.getdoc", doctype="HP Doc", name=name).json["docs"][0]
    desk.web.put(f"/api/resource/HP Doc/{name}", json={"title": "changed meanwhile"}, auth=TESTER)
    answer = _save(desk, **{**doc, "title": "mine"})
    assert (answer.status_code, answer.json["exc_type"]) == (417, "TimestampMismatchError")


def test_a_form_without_its_stamp_overwrites_nothing(desk: Desk) -> None:
    name = desk.new("HP Doc", title="a", code="kept")
    answer = _save(desk, name=name, title="b")
    assert answer.json["exc_type"] == "TimestampMismatchError"
    assert desk.get("frappe.client.get_value", doctype="HP Doc", filters=name, fieldname="code") == {"code": "kept"}


def test_what_is_missing_is_named(desk: Desk) -> None:
    answer = _save(desk, name="new-hp-doc-2", __islocal=1)
    assert answer.status_code == 417
    assert "Title" in json.loads(json.loads(answer.json["_server_messages"])[0])["message"]


def test_titles_of_links_come_along(desk: Desk) -> None:
    name = desk.new("HP Doc", title="a", who="tester@example.com")
    titles = desk.read("frappe.desk.form.load.getdoc", doctype="HP Doc", name=name).json["_link_titles"]
    assert titles == {"User::tester@example.com": "tester"}


def test_settings_are_kept_per_user(desk: Desk) -> None:
    desk.post("frappe.model.utils.user_settings.save", doctype="HP Doc", user_settings={"List": {"order_by": "name"}})
    desk.post("frappe.model.utils.user_settings.save", doctype="HP Doc", user_settings={"Form": {"a": 1}})
    kept = json.loads(desk.get("frappe.model.utils.user_settings.get", doctype="HP Doc"))
    assert kept == {"List": {"order_by": "name"}, "Form": {"a": 1}}
    assert desk.as_user(TESTER).get("frappe.model.utils.user_settings.get", doctype="HP Doc") == "{}"


def test_connected_documents_are_counted(desk: Desk) -> None:
    desk.new("ToDo", description="x", allocated_to="manager@example.com")
    count = desk.get(
        "frappe.desk.notifications.get_open_count", doctype="User", name="manager@example.com", items=["ToDo"]
    )
    assert count["count"]["external_links_found"] == [{"doctype": "ToDo", "count": 1, "open_count": 1}]


def test_documents_that_link_here(desk: Desk) -> None:
    name = desk.new("HP Doc", title="links", who="manager@example.com")
    found = desk.get("frappe.desk.form.linked_with.get", doctype="User", docname="manager@example.com")
    assert name in [row["name"] for row in found["HP Doc"]]


def test_a_file_is_taken_off_its_document(desk: Desk) -> None:
    name = desk.new("HP Doc", title="files")
    values = {"filename": "a.txt", "filedata": "x", "doctype": "HP Doc", "docname": name, "is_private": "1"}
    file = desk.post("frappe.client.attach_file", **values)
    taken = {"fid": file["name"], "dt": "HP Doc", "dn": name}
    assert desk.as_user(PLAIN).write("frappe.desk.form.utils.remove_attach", **taken).status_code == 403
    desk.post("frappe.desk.form.utils.remove_attach", **taken)
    info = desk.read("frappe.desk.form.load.getdoc", doctype="HP Doc", name=name).json["docinfo"]
    assert info["attachments"] == []
    assert len(info["attachment_logs"]) == 2


def test_an_app_says_what_happens_next(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe_engine.desk import docinfo

    monkeypatch.setattr(docinfo, "get_hooks", lambda *_: {"ToDo": ["first.of", "second.of"]})
    monkeypatch.setattr(docinfo, "hook_function", lambda path: lambda document: {"text": f"{path} {document.doctype}"})
    told = [docinfo._next_step(SimpleNamespace(doctype=name)) for name in ("ToDo", "Note")]
    assert told == [{"text": "second.of ToDo"}, None]
    assert docinfo._next_step(SimpleNamespace(doctype="ToDo", get_next_step=lambda: "own")) == "own"


def test_a_document_has_a_link_to_its_pdf() -> None:
    from frappe.desk.form.utils import get_pdf_link

    link = get_pdf_link("Sales Order", "SO/1 &", print_format="Slip", no_letterhead=1)
    asked = "doctype=Sales+Order&name=SO%2F1+%26&format=Slip&no_letterhead=1"
    assert link == f"/api/method/frappe.utils.print_format.download_pdf?{asked}"
