"""Comments, mentions, tasks and following: what others hear of, and what lists show."""

import datetime
import json
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def frappe(own_site: Any) -> Iterator[Any]:
    """Connected to a site of its own: DocTypes are made after users, which MariaDB commits."""
    import frappe as face

    with own_site.connected():
        yield face


@pytest.fixture
def note(frappe: Any) -> Any:
    return frappe.get_doc({"doctype": "Note", "title": "n", "public": 1}).insert()


@pytest.fixture
def people(make_user: Any) -> None:
    for name in ("a@example.com", "b@example.com"):
        make_user(name, "System Manager", send_welcome_email=0)


def test_lists_show_the_remarks_of_a_document(frappe: Any, note: Any) -> None:
    first = note.add_comment("Comment", "<b>one</b>")
    note.add_comment("Comment", "two")
    note.add_comment("Info", "not a remark")
    kept = json.loads(frappe.db.get_value("Note", note.name, "_comments"))
    assert [entry["comment"] for entry in kept] == ["one", "two"]
    first.delete()
    assert len(json.loads(frappe.db.get_value("Note", note.name, "_comments"))) == 1


@pytest.mark.parametrize("how", ["add_comment", "insert"])
def test_who_is_mentioned_is_told_once_however_it_was_written(frappe: Any, note: Any, people: None, how: str) -> None:
    text = '<span class="mention" data-id="a@example.com">@a</span> look'
    if how == "add_comment":
        frappe.get_attr("frappe.desk.form.utils.add_comment")("Note", note.name, text, "", "")
    else:
        values = {
            "doctype": "Comment",
            "comment_type": "Comment",
            "reference_doctype": "Note",
            "reference_name": note.name,
        }
        frappe.get_doc({**values, "content": text}).insert()
    assert frappe.get_all("Notification Log", {"type": "Mention"}, pluck="for_user") == ["a@example.com"]


def test_a_group_is_mentioned(frappe: Any, note: Any, people: None) -> None:
    group = {
        "doctype": "User Group",
        "name": "Team",
        "user_group_members": [{"user": "a@example.com"}, {"user": "b@example.com"}],
    }
    frappe.get_doc(group).insert()
    note.add_comment("Comment", '<span class="mention" data-id="Team" data-is-group="true">@Team</span>')
    assert sorted(frappe.get_all("Notification Log", {"type": "Mention"}, pluck="for_user")) == [
        "a@example.com",
        "b@example.com",
    ]


def test_a_remark_can_do_no_harm(frappe: Any, note: Any) -> None:
    made = note.add_comment("Comment", "<img src=x onerror=alert(1)><script>x</script>hi")
    assert "onerror" not in made.content
    assert "script" not in made.content


def test_tasks_show_on_their_document(frappe: Any, note: Any, people: None) -> None:
    todo = {"doctype": "ToDo", "description": "x", "reference_type": "Note", "reference_name": note.name}
    made = frappe.get_doc({**todo, "allocated_to": "a@example.com", "assigned_by": "b@example.com"}).insert()
    assert json.loads(frappe.db.get_value("Note", note.name, "_assign")) == ["a@example.com"]
    made.status = "Closed"
    made.save()
    assert frappe.db.get_value("Note", note.name, "_assign") is None
    assert frappe.get_all("Comment", {"reference_name": note.name, "comment_type": "Assignment Completed"})


def test_versions_say_field_by_field_what_changed(frappe: Any, make_doctype: Any) -> None:
    make_doctype("Tracked", track_changes=1)
    document = frappe.get_doc({"doctype": "Tracked", "title": "a"}).insert()
    document.title = "b"
    document.save()
    document.save()
    (data,) = frappe.get_all("Version", {"docname": document.name}, pluck="data")
    assert json.loads(data)["changed"] == [["title", "a", "b"]]


@pytest.fixture
def followed(frappe: Any, make_doctype: Any, people: None) -> Any:
    """A document that changes, a mail account, and a reader who wants to hear daily."""
    make_doctype("Tracked", track_changes=1)
    account = {"doctype": "Email Account", "email_account_name": "S", "email_id": "s@example.com", "enable_outgoing": 1}
    frappe.get_doc({**account, "default_outgoing": 1, "smtp_server": "127.0.0.1"}).insert()
    wanted = {"document_follow_notify": 1, "document_follow_frequency": "Daily", "follow_commented_documents": 1}
    frappe.db.set_value("User", "a@example.com", wanted)
    return frappe.get_doc({"doctype": "Tracked", "title": "first"}).insert()


def test_who_follows_hears_of_changes_of_others(frappe: Any, followed: Any, acting_as: Any) -> None:
    from frappe.desk.form.document_follow import follow_document, send_daily_updates, send_weekly_updates

    with acting_as("a@example.com"):
        follow_document("Tracked", followed.name)
    followed.title = "second"
    followed.save()
    followed.add_comment("Comment", "well done")
    send_weekly_updates()
    assert frappe.db.count("Email Queue") == 0
    send_daily_updates()
    (text,) = frappe.get_all("Email Queue", pluck="message")
    assert "second" in text
    assert "well done" in text


def test_what_is_old_or_ones_own_is_not_told(frappe: Any, followed: Any, acting_as: Any) -> None:
    from frappe.desk.form.document_follow import follow_document, send_daily_updates

    with acting_as("a@example.com"):
        follow_document("Tracked", followed.name)
        followed.title = "mine"
        followed.save()
    followed.title = "old"
    followed.save()
    long_ago = frappe.utils.now_datetime() - datetime.timedelta(days=2)
    frappe.db.set_value("Version", {"owner": "Administrator"}, "creation", long_ago, update_modified=False)
    send_daily_updates()
    assert frappe.db.count("Email Queue") == 0


def test_who_comments_follows_where_they_want_that(frappe: Any, followed: Any, acting_as: Any) -> None:
    from frappe.desk.form.document_follow import is_document_followed

    for user, follows in (("a@example.com", True), ("b@example.com", False)):
        with acting_as(user):
            frappe.get_attr("frappe.desk.form.utils.add_comment")("Tracked", followed.name, "hi", user, user)
        assert bool(is_document_followed("Tracked", followed.name, user)) is follows
