"""Working together: assigning, commenting, liking, tagging, following, sharing, notices."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import TESTER, Desk

PLAIN = "token plainkey:plainsecret"
ASSIGN = "frappe.desk.form.assign_to."


@pytest.fixture
def name(desk: Desk) -> str:
    """A document that Oracle Role may use, and nobody else."""
    return desk.new("HP Doc", title="together")


def _info(desk: Desk, name: str) -> dict[str, Any]:
    return dict(desk.read("frappe.desk.form.load.getdoc", doctype="HP Doc", name=name).json["docinfo"])


def test_assigning_shares_what_could_not_be_read(desk: Desk, name: str) -> None:
    given = desk.post(
        f"{ASSIGN}add", doctype="HP Doc", name=name, assign_to=["plain@example.com"], description="please"
    )
    assert [entry["owner"] for entry in given] == ["plain@example.com"]
    plain = desk.as_user(PLAIN)
    assert plain.web.get(f"/api/resource/HP Doc/{name}", auth=PLAIN).status_code == 200
    info = _info(desk, name)
    assert [entry["owner"] for entry in info["assignments"]] == ["plain@example.com"]
    assert "please" in info["assignment_logs"][0]["content"]


def test_assigning_twice_says_so(desk: Desk, name: str) -> None:
    desk.post(f"{ASSIGN}add", doctype="HP Doc", name=name, assign_to=["tester@example.com"])
    again = desk.write(f"{ASSIGN}add", doctype="HP Doc", name=name, assign_to=["tester@example.com"])
    assert "tester@example.com" in again.json["_server_messages"]
    assert len(again.json["message"]) == 1


def test_an_assignment_is_ended_by_who_has_it(desk: Desk, name: str) -> None:
    values = {"doctype": "HP Doc", "name": name, "assign_to": "tester@example.com"}
    desk.post(f"{ASSIGN}add", **{**values, "assign_to": ["tester@example.com"]})
    assert desk.write(f"{ASSIGN}close", **values).status_code == 417
    assert desk.as_user(TESTER).post(f"{ASSIGN}close", **values) == []
    assert desk.get("frappe.client.get_value", doctype="HP Doc", filters=name, fieldname="_assign") == {"_assign": None}


def test_lists_know_who_has_what(desk: Desk, name: str) -> None:
    desk.post(f"{ASSIGN}add", doctype="HP Doc", name=name, assign_to=["tester@example.com"])
    found = desk.get("frappe.client.get_list", doctype="HP Doc", filters={"_assign": ["like", "%tester@example.com%"]})
    assert name in [row["name"] for row in found]


def test_comments_are_cleaned_and_signed_by_who_wrote_them(desk: Desk, name: str) -> None:
    content = '<p onclick="x()">hi <script>alert(1)</script></p>'
    comment = desk.as_user(TESTER).post(
        "frappe.desk.form.utils.add_comment",
        reference_doctype="HP Doc", reference_name=name, content=content, comment_email="boss@example.com", comment_by="Boss",
    )  # fmt: skip
    assert "onclick" not in comment["content"]
    assert "script" not in comment["content"]
    assert comment["comment_email"] == "tester@example.com"


def test_only_ones_own_comment_is_changed(desk: Desk, name: str) -> None:
    values = {"reference_doctype": "HP Doc", "reference_name": name, "content": "mine"}
    comment = desk.post("frappe.desk.form.utils.add_comment", **values)
    update = "frappe.desk.form.utils.update_comment"
    assert desk.as_user(TESTER).write(update, name=comment["name"], content="yours").status_code == 403
    desk.post(update, name=comment["name"], content="mine again")
    assert _info(desk, name)["comments"][0]["content"] == "mine again"


def test_nobody_comments_on_what_they_may_not_read(desk: Desk, name: str) -> None:
    values = {"reference_doctype": "HP Doc", "reference_name": name, "content": "x"}
    assert desk.as_user(PLAIN).write("frappe.desk.form.utils.add_comment", **values).status_code == 403


def test_who_is_mentioned_is_told(desk: Desk, name: str) -> None:
    mention = '<p><span class="mention" data-id="tester@example.com" data-value="tester">@tester</span> look</p>'
    desk.post("frappe.desk.form.utils.add_comment", reference_doctype="HP Doc", reference_name=name, content=mention)
    call = "frappe.desk.doctype.notification_log.notification_log."
    logs = desk.as_user(TESTER).get(f"{call}get_notification_logs")["notification_logs"]
    mine = next(log for log in logs if log["document_name"] == name and log["type"] == "Mention")
    desk.as_user(TESTER).post(f"{call}mark_as_read", docname=mine["name"])
    desk.as_user(PLAIN).post(f"{call}mark_all_as_read")
    after = desk.as_user(TESTER).get(f"{call}get_notification_logs")["notification_logs"]
    assert next(log["read"] for log in after if log["name"] == mine["name"]) == 1


def test_likes(desk: Desk, name: str) -> None:
    desk.post("frappe.desk.like.toggle_like", doctype="HP Doc", name=name, add="Yes")
    liked = desk.get("frappe.client.get_value", doctype="HP Doc", filters=name, fieldname="_liked_by")
    assert liked == {"_liked_by": '["Administrator"]'}
    assert len(_info(desk, name)["like_logs"]) == 1
    desk.post("frappe.desk.like.toggle_like", doctype="HP Doc", name=name, add="No")
    assert _info(desk, name)["like_logs"] == []


def test_who_made_a_document_hears_that_others_like_it(desk: Desk, name: str) -> None:
    liked = desk.as_user(TESTER).write("frappe.desk.like.toggle_like", doctype="HP Doc", name=name, add="Yes")
    assert liked.status_code == 200
    notices = desk.get("frappe.client.get_list", doctype="Notification Log", filters={"document_name": name},
                       fields=["for_user", "subject"])  # fmt: skip
    assert [(row["for_user"], "liked" in row["subject"]) for row in notices] == [("Administrator", True)]


def test_tags(desk: Desk, name: str) -> None:
    tag = "frappe.desk.doctype.tag.tag."
    assert desk.post(f"{tag}add_tag", tag="<b>urgent</b>, now", dt="HP Doc", dn=name) == "urgent  now"
    desk.post(f"{tag}add_tag", tag="second", dt="HP Doc", dn=name)
    assert _info(desk, name)["tags"] == "urgent  now,second"
    assert "second" in desk.get(f"{tag}get_tags", doctype="HP Doc", txt="sec")
    assert name in [row["name"] for row in desk.get(f"{tag}get_documents_for_tag", tag="second")]
    assert desk.as_user(PLAIN).get(f"{tag}get_documents_for_tag", tag="second") == []
    desk.post(f"{tag}remove_tag", tag="second", dt="HP Doc", dn=name)
    assert _info(desk, name)["tags"] == "urgent  now"


def test_following_is_ones_own_affair(desk: Desk, name: str) -> None:
    follow = "frappe.desk.form.document_follow."
    desk.new("ToDo", description="followed")
    todo = desk.new("ToDo", description="followed")
    desk.post(f"{follow}update_follow", doctype="ToDo", doc_name=todo, following="true")
    assert desk.get(f"{follow}get_follow_users", doctype="ToDo", doc_name=todo) == [{"user": "Administrator"}]
    other = {"doctype": "ToDo", "doc_name": todo, "user": "manager@example.com"}
    assert desk.as_user(TESTER).write(f"{follow}follow_document", **other).status_code == 403
    desk.post(f"{follow}update_follow", doctype="ToDo", doc_name=todo, following="false")
    assert desk.get(f"{follow}get_follow_users", doctype="ToDo", doc_name=todo) == []


def test_sharing(desk: Desk, name: str) -> None:
    values = {"doctype": "HP Doc", "name": name, "user": "plain@example.com"}
    desk.post("frappe.share.add", **values, read="1", write="1")
    plain = desk.as_user(PLAIN)
    assert plain.web.put(f"/api/resource/HP Doc/{name}", json={"title": "theirs"}, auth=PLAIN).status_code == 200
    assert plain.write("frappe.share.add", **{**values, "user": "tester@example.com"}).status_code == 403
    desk.post("frappe.share.set_permission", **values, permission_to="write", value="0")
    assert plain.web.put(f"/api/resource/HP Doc/{name}", json={"title": "again"}, auth=PLAIN).status_code == 403
    desk.post("frappe.share.set_permission", **values, permission_to="read", value="0")
    assert plain.web.get(f"/api/resource/HP Doc/{name}", auth=PLAIN).status_code == 403
    assert desk.get("frappe.share.get_users", doctype="HP Doc", name=name) == []
