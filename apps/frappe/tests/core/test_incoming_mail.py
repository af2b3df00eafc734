"""Mail that comes in, from real servers of this machine: what it becomes, what it belongs to, what is kept of it."""

import base64
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from .mailbox_servers import LOGIN, PASSWORD, imap_server, mail, pop_server

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def site() -> Iterator[Any]:
    """A site of the module's own, where fetching may commit."""
    from frappe_engine.testing import temporary_site

    with temporary_site() as made:
        with made.connected() as context:
            _make_ticket()
            context.db.commit()
        yield made


def _make_ticket() -> None:
    import frappe

    fields = [
        {"fieldname": "subject", "fieldtype": "Data", "label": "Subject"},
        {"fieldname": "raised_by", "fieldtype": "Data", "options": "Email", "label": "Raised By"},
        {"fieldname": "person", "fieldtype": "Data", "label": "Person"},
        {"fieldname": "account", "fieldtype": "Link", "options": "Email Account", "label": "Account"},
        {
            "fieldname": "status",
            "fieldtype": "Select",
            "options": "Open\nReplied\nClosed",
            "label": "Status",
            "default": "Open",
        },
        {"fieldname": "must", "fieldtype": "Data", "label": "Must", "reqd": 1},
    ]
    rights = [{"role": "System Manager", "read": 1, "write": 1, "create": 1}]
    appends = {
        "email_append_to": 1, "subject_field": "subject", "sender_field": "raised_by", "sender_name_field": "person",
        "recipient_account_field": "account",
    }  # fmt: skip
    made = {
        "doctype": "DocType",
        "name": "Ticket",
        "module": "Custom",
        "custom": 1,
        "fields": fields,
        "permissions": rights,
    }
    frappe.get_doc({**made, **appends}).insert()


@pytest.fixture
def frappe(site: Any) -> Iterator[Any]:
    import frappe as face

    with site.connected() as context:
        yield face
        context.db.rollback()
        for doctype in (
            "IMAP Folder",
            "Communication",
            "Ticket",
            "Email Account",
            "Email Queue",
            "Unhandled Email",
            "Contact",
            "Error Log",
        ):
            face.db.delete(doctype)
        context.db.commit()


@pytest.fixture
def inbox() -> Iterator[Any]:
    with imap_server() as box:
        yield box


def account_of(frappe: Any, box: Any, **values: Any) -> Any:
    given = {
        "doctype": "Email Account", "email_account_name": "Box", "email_id": LOGIN, "password": PASSWORD, "enable_incoming": 1,
        "use_imap": 1, "email_server": "127.0.0.1", "incoming_port": str(box.port), "use_ssl": 0, "email_sync_option": "UNSEEN",
        "enable_outgoing": 1, "default_outgoing": 1, "smtp_server": "127.0.0.1", **values,
    }  # fmt: skip
    made = frappe.get_doc(given).insert()
    frappe.db.commit()
    return made


def for_tickets(frappe: Any, box: Any, **values: Any) -> Any:
    return account_of(frappe, box, imap_folder=[{"folder_name": "INBOX", "append_to": "Ticket"}], **values)


# what a mail becomes


def test_a_mail_becomes_a_communication(frappe: Any, inbox: Any) -> None:
    inbox.put(mail("问价 question", "How much?\n<b>now</b>", message_id="<m1@example.com>", cc="bob@example.com"))
    (found,) = account_of(frappe, inbox).receive()
    assert (found.subject, found.sender, found.sender_full_name) == ("问价 question", "ann@example.com", "Ann Li")
    assert (found.recipients, found.cc, found.message_id) == (LOGIN, "bob@example.com", "m1@example.com")
    assert (found.sent_or_received, found.communication_medium, found.status) == ("Received", "Email", "Open")
    assert str(found.communication_date) == "2026-03-02 16:00:00"
    assert "&lt;b&gt;now" in found.content


def test_a_mail_is_marked_and_fetched_once(frappe: Any, inbox: Any) -> None:
    inbox.put(mail("one"))
    account = account_of(frappe, inbox)
    assert len(account.receive()) == 1
    assert inbox.seen == {1}
    assert account.receive() == []
    inbox.put(mail("two"))
    assert [one.subject for one in account.receive()] == ["two"]


def test_the_same_mail_is_kept_once(frappe: Any, inbox: Any) -> None:
    for _time in range(2):
        inbox.put(mail("twice", message_id="<same@example.com>"))
    account_of(frappe, inbox).receive()
    assert frappe.db.count("Communication", {"message_id": "same@example.com"}) == 1


def test_all_mail_is_read_on_from_where_it_was(frappe: Any, inbox: Any) -> None:
    for number in range(4):
        inbox.seen.add(inbox.put(mail(f"n{number}")))
    account = account_of(frappe, inbox, email_sync_option="ALL", initial_sync_count="100")
    assert len(account.receive()) == 4
    assert account.reload().receive() == []
    inbox.put(mail("later"))
    assert [one.subject for one in account.reload().receive()] == ["later"]


def test_a_box_that_was_made_anew_is_read_from_its_beginning(frappe: Any, inbox: Any) -> None:
    inbox.put(mail("old"))
    account = account_of(frappe, inbox, email_sync_option="ALL")
    account.receive()
    inbox.messages, inbox.validity = {}, 8
    inbox.put(mail("new"))
    assert [one.subject for one in account.reload().receive()] == ["new"]


def test_a_pop_box_is_emptied(frappe: Any) -> None:
    with pop_server() as box:
        box.put(mail("one", ".dot at the beginning\n..two"))
        box.put(mail("two"))
        account = account_of(frappe, box, use_imap=0, append_to="Ticket")
        found = account.receive()
        assert [one.subject for one in found] == ["one", "two"]
        assert ".dot at the beginning" in found[0].content
        assert (box.messages, found[0].reference_doctype) == ({}, "Ticket")


# what it belongs to


def test_a_mail_opens_a_document(frappe: Any, inbox: Any) -> None:
    inbox.put(mail("Broken pump"))
    account = for_tickets(frappe, inbox)
    (found,) = account.receive()
    ticket = frappe.get_doc("Ticket", found.reference_name)
    assert (ticket.subject, ticket.raised_by, ticket.person) == ("Broken pump", "ann@example.com", "Ann Li")
    assert ticket.account == account.name


def test_an_answer_joins_the_thread_and_opens_it_again(frappe: Any, inbox: Any) -> None:
    inbox.put(mail("Broken pump", message_id="<first@example.com>"))
    account = for_tickets(frappe, inbox)
    (first,) = account.receive()
    frappe.db.set_value("Ticket", first.reference_name, "status", "Replied")
    inbox.put(mail("other words", in_reply_to="<first@example.com>", sender="carl@example.com"))
    (answer,) = account.receive()
    assert (answer.reference_name, answer.in_reply_to) == (first.reference_name, first.name)
    assert frappe.db.get_value("Ticket", first.reference_name, "status") == "Open"
    assert frappe.db.count("Ticket") == 1


def test_an_answer_to_what_was_sent_joins_its_document(frappe: Any, inbox: Any) -> None:
    account = for_tickets(frappe, inbox)
    ticket = frappe.get_doc({"doctype": "Ticket", "subject": "s", "must": "m"}).insert()
    sent = frappe.sendmail(
        ["ann@example.com"], message="x", reference_doctype="Ticket", reference_name=ticket.name, delayed=True
    )
    frappe.db.commit()
    inbox.put(mail("Re: x", references=f"<unknown@example.com> <{sent.message_id}>"))
    (answer,) = account.receive()
    assert answer.reference_name == ticket.name


@pytest.mark.parametrize("subject", ["Re: Broken pump", "RE: re: Broken pump", "回复：Broken pump", "Fwd: Broken pump"])
def test_the_same_subject_of_the_same_sender_is_the_same_document(frappe: Any, inbox: Any, subject: str) -> None:
    account = for_tickets(frappe, inbox)
    inbox.put(mail("Broken pump"))
    inbox.put(mail(subject, "again"))
    inbox.put(mail(subject, "by another", sender="carl@example.com"))
    first, again, other = account.receive()
    assert again.reference_name == first.reference_name != other.reference_name


def test_a_subject_may_name_the_document(frappe: Any, inbox: Any) -> None:
    account = for_tickets(frappe, inbox)
    ticket = frappe.get_doc({"doctype": "Ticket", "subject": "s", "must": "m"}).insert()
    inbox.put(mail(f"About it (#{ticket.name})", sender="z@example.com"))
    (found,) = account.receive()
    assert found.reference_name == ticket.name


def test_an_address_may_name_the_document(frappe: Any, inbox: Any) -> None:
    account = account_of(frappe, inbox, enable_automatic_linking=1)
    ticket = frappe.get_doc({"doctype": "Ticket", "subject": "s", "must": "m"}).insert()
    inbox.put(mail("linked", to=f"box+Ticket={ticket.name}@example.com"))
    (found,) = account.receive()
    assert (found.reference_doctype, found.reference_name) == ("Ticket", ticket.name)


def test_an_answer_of_ours_marks_the_mail_as_replied(frappe: Any, inbox: Any) -> None:
    from frappe.core.doctype.communication.email import make

    inbox.put(mail("Broken pump"))
    (found,) = for_tickets(frappe, inbox).receive()
    make("Ticket", found.reference_name, "answer", "Re", recipients="ann@example.com", send_email=1)
    assert frappe.db.get_value("Communication", found.name, "status") == "Replied"


def test_the_document_is_told(frappe: Any, inbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe.model.document import Document

    told: list[str] = []
    monkeypatch.setattr(
        Document, "on_communication_update", lambda _self, mail: told.append(mail.subject), raising=False
    )
    frappe.clear_cache(doctype="Ticket")
    inbox.put(mail("Broken pump"))
    for_tickets(frappe, inbox).receive()
    assert told == ["Broken pump"]


# files


def test_files_are_kept_and_pictures_shown_in_place(frappe: Any, inbox: Any) -> None:
    message = mail("files")
    message.add_alternative('<p>look <img src="cid:pic1"></p><script>alert(1)</script>', subtype="html")
    message.get_payload()[1].add_related(PNG, "image", "png", cid="<pic1>", filename="p.png")
    message.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="表格.csv")
    inbox.put(message)
    (found,) = account_of(frappe, inbox).receive()
    files = frappe.get_all(
        "File", {"attached_to_name": found.name}, ["file_name", "file_url", "is_private"], order_by="file_name"
    )
    assert [(file.file_name, file.is_private) for file in files] == [("p.png", 1), ("表格.csv", 1)]
    stored = frappe.db.get_value("Communication", found.name, "content")
    assert files[0].file_url in stored
    assert "<script" not in stored


def test_files_that_are_too_large_are_named(frappe: Any, inbox: Any) -> None:
    message = mail("large")
    message.add_attachment(b"x" * 1_100_000, maintype="application", subtype="zip", filename="large.zip")
    inbox.put(message)
    (found,) = account_of(frappe, inbox, attachment_limit=1).receive()
    assert not frappe.db.exists("File", {"attached_to_name": found.name})
    assert "large.zip" in frappe.db.get_value("Communication", found.name, "content")


@pytest.mark.parametrize("encoding", ["gb2312", "gb18030", "utf-8", "big5"])
def test_texts_are_read_in_their_encoding(frappe: Any, inbox: Any, encoding: str) -> None:
    head = f"From: =?{encoding}?b?{base64.b64encode('小李'.encode(encoding)).decode()}?= <li@example.com>\r\nSubject: x\r\n"
    kind = f"Content-Type: text/plain; charset={encoding}\r\nContent-Transfer-Encoding: 8bit\r\nMessage-ID: <{encoding}@x>\r\n\r\n"
    inbox.put((head + kind).encode() + "你好".encode(encoding))
    (found,) = account_of(frappe, inbox).receive()
    assert (found.sender_full_name, "你好" in found.content) == ("小李", True)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"From: \r\nSubject: =?utf-8?q?=ZZ?=\r\nDate: never\r\n\r\n\x00x", b"no headers"]
)
def test_what_is_hardly_a_mail_is_read_too(frappe: Any, inbox: Any, content: bytes) -> None:
    inbox.put(content)
    account_of(frappe, inbox).receive()
    assert frappe.db.count("Communication") + frappe.db.count("Unhandled Email") == 1


# trouble


def test_a_mail_that_can_not_be_kept_is_kept_as_it_came(
    frappe: Any, inbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from frappe.email.receive import InboundMail

    def fails(_self: Any) -> None:
        raise RuntimeError("no document today")

    monkeypatch.setattr(InboundMail, "_new_document", fails)
    inbox.put(mail("bad", message_id="<bad@example.com>"))
    assert for_tickets(frappe, inbox).receive() == []
    kept = frappe.get_last_doc("Unhandled Email")
    assert (kept.message_id, "no document today" in kept.reason, "Subject: bad" in kept.raw) == (
        "bad@example.com",
        True,
        True,
    )
    assert inbox.seen == {1}


def test_mail_of_the_box_itself_is_left(frappe: Any, inbox: Any) -> None:
    inbox.put(mail("mine", sender=LOGIN))
    assert account_of(frappe, inbox).receive() == []
    assert frappe.db.count("Communication") == 0


def test_a_wrong_password_is_noted_and_logged(frappe: Any, inbox: Any) -> None:
    account = account_of(frappe, inbox, password="wrong")
    assert account.receive() == []
    assert account.no_failed == 1
    assert "AUTHENTICATIONFAILED" in frappe.get_last_doc("Error Log").error


def test_an_account_is_tried_when_it_is_saved(frappe: Any, inbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(frappe.flags, "in_test", False)
    with pytest.raises(frappe.ValidationError, match="AUTHENTICATIONFAILED"):
        account_of(frappe, inbox, enable_outgoing=0, default_outgoing=0, password="wrong")
    with pytest.raises(frappe.ValidationError, match="no such folder"):
        account_of(frappe, inbox, enable_outgoing=0, default_outgoing=0, imap_folder=[{"folder_name": "No"}])
    account_of(frappe, inbox, enable_outgoing=0, default_outgoing=0)


def test_only_some_doctypes_take_mail(frappe: Any, inbox: Any) -> None:
    from frappe.email.doctype.email_account.email_account import get_append_to

    with pytest.raises(frappe.ValidationError, match=r"Note|便签|备注"):
        account_of(frappe, inbox, append_to="Note")
    assert ["Ticket"] in get_append_to()


# what follows


def test_who_writes_first_gets_an_answer_that_says_it_is_automatic(frappe: Any, inbox: Any) -> None:
    account = for_tickets(frappe, inbox, enable_auto_reply=1, auto_reply_message="We read {{ doc.subject }}")
    inbox.put(mail("Broken pump", message_id="<a@example.com>"))
    inbox.put(mail("again", in_reply_to="<a@example.com>"))
    inbox.put(mail("vacation", auto_submitted="auto-replied"))
    account.receive()
    (reply,) = frappe.get_all("Email Queue", fields=["message", "name"])
    assert "We read Broken pump" in reply.message
    assert "auto-replied" in reply.message
    assert "<a@example.com>" in reply.message


def test_a_new_sender_becomes_a_contact_once(frappe: Any, inbox: Any) -> None:
    account = account_of(frappe, inbox, create_contact=1)
    inbox.put(mail("one"))
    inbox.put(mail("two"))
    first, second = account.receive()
    assert frappe.db.count("Contact Email", {"email_id": "ann@example.com"}) == 1
    assert first.timeline_links[0].link_name == second.timeline_links[0].link_name


def test_who_looks_after_it_is_told_of_mail_without_answer(frappe: Any, inbox: Any) -> None:
    from frappe.email.doctype.email_account.email_account import notify_unreplied

    inbox.put(mail("wait"))
    account = account_of(
        frappe, inbox, notify_if_unreplied=1, unreplied_for_mins=30, send_notification_to="boss@example.com"
    )
    (found,) = account.receive()
    notify_unreplied()
    assert frappe.db.count("Email Queue") == 0
    long_ago = frappe.utils.add_to_date(None, hours=-1)
    frappe.db.set_value("Communication", found.name, "creation", long_ago, update_modified=False)
    notify_unreplied()
    notify_unreplied()
    assert frappe.db.count("Email Queue") == 1


def test_the_scheduler_fetches_by_a_worker(frappe: Any, inbox: Any) -> None:
    from frappe.email.doctype.email_account import email_account as calls

    assert "frappe.email.doctype.email_account.email_account.pull" in frappe.get_hooks("scheduler_events")["all"]
    account_of(frappe, inbox)
    inbox.put(mail("scheduled"))
    calls.pull(now=True)
    assert frappe.db.exists("Communication", {"subject": "scheduled"})


def test_reading_a_mail_knows_its_parts() -> None:
    from frappe_engine.mail.received import read_mail

    outer = EmailMessage()
    outer["From"], outer["References"] = "x@y.z", "<a@b> <c@d>"
    outer.set_content("outer")
    outer.add_attachment(mail("inner"))
    found = read_mail(outer.as_bytes())
    assert found.answered_ids == ("c@d", "a@b")
    assert [file.content_type for file in found.files] == ["message/rfc822"]
    assert b"Subject: inner" in found.files[0].content
