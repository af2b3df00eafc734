"""Discussions on the website: topics beside documents, and what people say on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from frappe.website.doctype.discussion_reply.discussion_reply import delete_message
from frappe.website.doctype.discussion_topic.discussion_topic import submit_discussion


@pytest.fixture
def frappe(frappe_connected: Any) -> Iterator[Any]:
    """The public package, connected; somebody of the website besides Administrator."""
    visitor = {"doctype": "User", "email": "visitor@example.com", "first_name": "Visitor", "send_welcome_email": 0}
    frappe_connected.get_doc(visitor).insert()
    yield frappe_connected
    frappe_connected.set_user("Administrator")


def about(frappe: Any) -> tuple[str, str]:
    return "ToDo", frappe.get_doc({"doctype": "ToDo", "description": "x"}).insert().name


def said_on(frappe: Any, topic: str) -> list[str]:
    return frappe.get_all("Discussion Reply", {"topic": topic}, pluck="reply", order_by="name")


def test_the_first_words_make_a_topic_and_others_follow(frappe: Any) -> None:
    todo = about(frappe)
    topic = submit_discussion(*todo, "hello", "Greetings")
    assert submit_discussion(*todo, "again", "Greetings", topic_name=topic) == topic
    stored = frappe.get_doc("Discussion Topic", topic)
    assert (stored.title, stored.reference_doctype, stored.reference_docname) == ("Greetings", *todo)
    assert said_on(frappe, topic) == ["hello", "again"]
    assert topic.startswith("TOPIC")


def test_a_reply_is_changed_and_taken_back_by_its_author_alone(frappe: Any) -> None:
    todo = about(frappe)
    topic = submit_discussion(*todo, "mine", "T")
    reply = frappe.get_value("Discussion Reply", {"topic": topic})
    frappe.set_user("visitor@example.com")
    assert submit_discussion(*todo, "not yours", "T", topic_name=topic, reply_name=reply) is None
    delete_message(reply)
    assert said_on(frappe, topic) == ["mine"]
    frappe.set_user("Administrator")
    submit_discussion(*todo, "better", "T", topic_name=topic, reply_name=reply)
    assert said_on(frappe, topic) == ["better"]
    delete_message(reply)
    assert said_on(frappe, topic) == []


def test_visitors_who_are_signed_in_take_part(frappe: Any) -> None:
    todo = about(frappe)
    frappe.set_user("visitor@example.com")
    topic = submit_discussion(*todo, "from outside", "T")
    assert frappe.db.get_value("Discussion Topic", topic, "owner") == "visitor@example.com"


def test_a_topic_stands_beside_a_document_that_is_there(frappe: Any) -> None:
    with pytest.raises(frappe.LinkValidationError):
        submit_discussion("ToDo", "no such one", "x", "T")


def test_open_pages_are_told(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, dict[str, Any], str]] = []
    monkeypatch.setattr(
        frappe, "publish_realtime", lambda event, message, room, **_options: told.append((event, message, room))
    )
    topic = submit_discussion(*about(frappe), "<b>hi</b><script>x</script>", "T")
    delete_message(frappe.get_value("Discussion Reply", {"topic": topic}))
    published = next(message for event, message, _room in told if event == "publish_message")
    assert published["topic_info"].name == topic
    assert "<b>hi</b>" in published["template"]
    assert "<script>" not in published["template"]
    assert (told[-1][0], told[-1][2]) == ("delete_message", "website")


def test_the_section_of_a_page_shows_what_was_said(frappe: Any) -> None:
    doctype, name = about(frappe)
    submit_discussion(doctype, name, "hello there", "A 'topic'")
    context = {"doctype": doctype, "docname": name}
    page = frappe.render_template("frappe/templates/discussions/discussions_section.html", context)
    assert "hello there" in page
    assert "A &#39;topic&#39;" in page
    assert 'class="discussion-delete"' in page
    frappe.set_user("Guest")
    as_guest = frappe.render_template("frappe/templates/discussions/discussions_section.html", context)
    assert "hello there" in as_guest
    assert "<form" not in as_guest
    assert 'href="/login"' in as_guest
