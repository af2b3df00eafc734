"""The shapes the desk reads: one place for the answers its front end is built on."""

from __future__ import annotations

import json
from typing import Any

from .conftest import TESTER, Desk

DOCINFO = {
    "permissions", "comments", "versions", "attachments", "assignments", "shared", "tags", "communications", "views", "user_info",
}  # fmt: skip
RIGHTS = {"read", "write", "create", "delete", "submit", "cancel"}


def test_getdoc(desk: Desk) -> None:
    name = desk.new("HP Doc", title="shape", rows=[{"item": "a"}])
    answer = desk.read("frappe.desk.form.load.getdoc", doctype="HP Doc", name=name).json
    [document] = answer["docs"]
    assert (document["doctype"], document["name"], document["rows"][0]["item"]) == ("HP Doc", name, "a")
    assert set(answer["docinfo"]) >= DOCINFO
    assert set(answer["docinfo"]["permissions"]) >= RIGHTS


def test_getdoctype(desk: Desk) -> None:
    answer = desk.read("frappe.desk.form.load.getdoctype", doctype="HP Doc", with_parent=1).json
    assert [found["name"] for found in answer["docs"]] == ["HP Doc", "HP Row"]
    assert {"fields", "permissions", "is_submittable", "links"} <= set(answer["docs"][0])
    assert isinstance(json.loads(answer["user_settings"]), dict)


def test_savedocs(desk: Desk) -> None:
    document = {"doctype": "HP Doc", "name": "new-hp-doc-1", "__islocal": 1, "title": "saved"}
    answer = desk.write("frappe.desk.form.save.savedocs", doc=document, action="Save").json
    [saved] = answer["docs"]
    assert (saved["localname"], saved["docstatus"]) == ("new-hp-doc-1", 0)
    assert set(answer["docinfo"]) >= DOCINFO


def test_messages_of_a_refusal(desk: Desk) -> None:
    document = {"doctype": "HP Doc", "name": "new-hp-doc-2", "__islocal": 1, "rows": [{"qty": 1}]}
    answer = desk.write("frappe.desk.form.save.savedocs", doc=document, action="Save")
    messages = [json.loads(text) for text in json.loads(answer.json["_server_messages"])]
    assert (answer.status_code, answer.json["exc_type"]) == (417, "MandatoryError")
    assert [message["message"] for message in messages] == [
        "Error: Value missing for HP Doc: Title",
        "Error: HP Row Row #1: Value missing for: Item",
    ]


def test_a_list(desk: Desk) -> None:
    desk.new("HP Doc", title="listed")
    order = "`tabHP Doc`.`modified` desc, `tabHP Doc`.`name` desc"
    asked = {
        "doctype": "HP Doc",
        "fields": ["name", "title"],
        "order_by": order,
        "start": 0,
        "page_length": 1,
        "view": "List",
    }
    answer = desk.get("frappe.desk.reportview.get", **asked)
    assert (answer["keys"], len(answer["values"])) == (["name", "title"], 1)
    assert desk.get("frappe.desk.reportview.get_count", doctype="HP Doc", filters=[], limit=1) == 1


def test_search_and_links(desk: Desk) -> None:
    [found] = desk.get("frappe.desk.search.search_link", doctype="User", txt="tester", page_length=10)
    assert set(found) <= {"value", "description", "label"}
    assert desk.get("frappe.client.validate_link", doctype="User", docname="tester@example.com", fields=["first_name"]) == {
        "name": "tester@example.com", "first_name": "tester",
    }  # fmt: skip
    assert not (desk.get("frappe.client.validate_link", doctype="User", docname="nobody", fields=[]) or {}).get("name")


def test_a_method_of_a_document(desk: Desk) -> None:
    name = desk.new("HP Doc", title="method")
    stored = desk.get("frappe.client.get", doctype="HP Doc", name=name)
    values = {"docs": json.dumps(stored), "method": "add_comment", "args": json.dumps({"text": "seen"})}
    answer = desk.web.post("/api/method/run_doc_method", data=values, auth=desk.auth).json
    assert answer["docs"][0]["name"] == name
    assert answer["message"]["content"] == "seen"


def test_notices_and_workspaces(desk: Desk) -> None:
    logs = desk.get("frappe.desk.doctype.notification_log.notification_log.get_notification_logs", limit=5)
    assert set(logs) == {"notification_logs", "user_info"}
    pages = desk.get("frappe.desk.desktop.get_workspace_sidebar_items")
    assert isinstance(pages["pages"], list)


def test_collaboration(desk: Desk) -> None:
    name = desk.new("HP Doc", title="together")
    beside = {"doctype": "HP Doc", "name": name}
    assert desk.post("frappe.desk.form.assign_to.add", assign_to=["tester@example.com"], **beside)[0]["owner"]
    comment = desk.post(
        "frappe.desk.form.utils.add_comment", reference_doctype="HP Doc", reference_name=name, content="hello",
        comment_email="x", comment_by="x",
    )  # fmt: skip
    assert (comment["doctype"], comment["comment_type"]) == ("Comment", "Comment")
    desk.post("frappe.desk.doctype.tag.tag.add_tag", tag="blue", dt="HP Doc", dn=name)
    desk.post("frappe.share.add", user="manager@example.com", read=1, **beside)
    info: Any = desk.read("frappe.desk.form.load.getdoc", **beside).json["docinfo"]
    assert [entry["owner"] for entry in info["assignments"]] == ["tester@example.com"]
    assert ([entry["content"] for entry in info["comments"]], info["tags"]) == (["hello"], "blue")
    assert "manager@example.com" in [entry["user"] for entry in info["shared"]]


def test_nothing_comes_without_a_right(desk: Desk) -> None:
    name = desk.new("HP Master", title="private")
    stranger = desk.as_user(TESTER)
    for method, values in {
        "frappe.desk.form.load.getdoc": {"doctype": "HP Master", "name": name},
        "frappe.desk.reportview.get": {"doctype": "HP Master", "fields": ["name"]},
        "frappe.desk.reportview.get_count": {"doctype": "HP Master"},
        "frappe.client.get": {"doctype": "HP Master", "name": name},
        "frappe.desk.form.linked_with.get": {"doctype": "HP Master", "docname": name},
    }.items():
        answer = stranger.read(method, **values)
        assert (answer.status_code, answer.json.keys() & {"docs", "message"}) == (403, set()), method
