"""Mail: what is written, what a real server gets, and what happens when it refuses."""

import datetime
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from .servers import free_port, mail_server


@pytest.fixture
def smtp() -> Iterator[Any]:
    with mail_server() as (port, handler):
        handler.port = port  # type: ignore[attr-defined]
        yield handler


@pytest.fixture
def account(frappe: Any, smtp: Any) -> Any:
    return make_account(frappe, smtp.port)


def make_account(frappe: Any, port: int, **values: Any) -> Any:
    return frappe.get_doc(
        {
            "doctype": "Email Account", "email_account_name": "Shop", "email_id": "shop@example.com",
            "enable_outgoing": 1, "default_outgoing": 1, "smtp_server": "127.0.0.1", "smtp_port": str(port),
            "no_smtp_authentication": 1, **values,
        }
    ).insert()  # fmt: skip


def flush() -> None:
    from frappe.email.queue import flush as send_waiting

    send_waiting()


def test_a_mail_waits_in_the_queue_and_is_then_sent(frappe: Any, account: Any, smtp: Any) -> None:
    queued = frappe.sendmail(recipients=["a@example.com"], subject="订单已发货", message="<p>您好，<b>包裹</b></p>")
    assert (queued.status, smtp.mails) == ("Not Sent", [])
    queued.send()
    message = smtp.to("a@example.com")
    assert message["subject"] == "订单已发货"
    assert message["from"] == "Shop <shop@example.com>"
    assert message["to"] == "a@example.com"
    assert "您好，包裹" in message.get_body(("plain",)).get_content()
    assert "<b>包裹</b>" in message.get_body(("html",)).get_content()
    assert frappe.db.get_value("Email Queue", queued.name, "status") == "Sent"


def test_every_reader_sees_the_own_address_alone(frappe: Any, account: Any, smtp: Any) -> None:
    frappe.sendmail(recipients="a@example.com, B <b@example.com>", message="x", now=True)
    assert smtp.to("a@example.com")["to"] == "a@example.com"
    assert "a@example.com" not in str(smtp.to("b@example.com"))


def test_copies_are_named_and_blind_ones_are_not(frappe: Any, account: Any, smtp: Any) -> None:
    frappe.sendmail(["a@example.com"], message="x", cc=["c@example.com"], bcc=["secret@example.com"], now=True)
    seen = smtp.to("a@example.com")
    assert (seen["to"], seen["cc"]) == ("a@example.com", "c@example.com")
    assert "secret" not in smtp.to("c@example.com").as_string()
    assert len(smtp.mails) == 3


def test_files_go_along(frappe: Any, account: Any, smtp: Any) -> None:
    file = frappe.get_doc({"doctype": "File", "file_name": "发票.txt", "content": "税额 13", "is_private": 1}).insert()
    given = [{"fid": file.name}, {"fname": "b.pdf", "fcontent": b"%PDF-"}]
    frappe.sendmail(["a@example.com"], message="x", attachments=given, now=True)
    files = {part.get_filename(): part.get_content() for part in smtp.to("a@example.com").iter_attachments()}
    assert files == {"发票.txt": "税额 13".encode(), "b.pdf": b"%PDF-"}


def test_no_value_adds_a_header(frappe: Any, account: Any, smtp: Any) -> None:
    frappe.sendmail(["a@example.com"], subject="hi\r\nBcc: evil@example.com", message="x", now=True,
                    email_headers={"X-A": "1\r\nX-Evil: 1"})  # fmt: skip
    message = smtp.to("a@example.com")
    assert (message["Bcc"], message["X-Evil"], len(smtp.mails)) == (None, None, 1)
    assert message["subject"] == "hi Bcc: evil@example.com"


@pytest.mark.parametrize(
    "given",
    [
        {"recipients": ["a@example.com", "not an address"]},
        {"recipients": "a@example.com", "cc": "foo"},
        {"recipients": "a@example.com", "bcc": ["foo"]},
        {"recipients": "a@example.com", "sender": "foo"},
        {"recipients": "a@example.com", "reply_to": "foo"},
        {"recipients": ["a@example.com\nBcc: b@example.com"]},
    ],
)
def test_a_mail_with_a_wrong_address_is_not_queued_but_logged(frappe: Any, account: Any, given: dict[str, Any]) -> None:
    about = {"reference_doctype": "User", "reference_name": "Guest"}
    assert frappe.sendmail(**given, message="x", **about) == []
    assert frappe.get_all("Email Queue") == []
    logged = {"method": "Invalid email address", "reference_doctype": "User", "reference_name": "Guest"}
    assert frappe.db.count("Error Log", logged) == 1


def test_who_writes_a_wrong_address_is_told(frappe: Any, account: Any) -> None:
    from frappe.core.doctype.communication.email import make

    with pytest.raises(frappe.InvalidEmailAddressError):
        make("User", "Guest", "x", "x", recipients="a@example.com, foo", send_email=1)
    assert make("User", "Guest", "x", "x", recipients="foo")["name"]  # kept, not sent


@pytest.mark.parametrize(
    ("given", "sender", "answers"),
    [
        ({}, "Shop <shop@example.com>", "shop@example.com"),
        ({"sender": "Me <me@example.com>"}, "Me <me@example.com>", "me@example.com"),
        ({"sender": "Administrator"}, "Shop <shop@example.com>", "shop@example.com"),
        ({"reply_to": "R <r@example.com>"}, "Shop <shop@example.com>", "R <r@example.com>"),
        ({"reply_to": "r@example.com,s@example.com"}, "Shop <shop@example.com>", "r@example.com, s@example.com"),
    ],
)
def test_answers_go_to_who_writes(
    frappe: Any, account: Any, smtp: Any, given: dict[str, Any], sender: str, answers: str
) -> None:
    queued = frappe.sendmail(["a@example.com"], message="x", **given)
    stored = frappe.get_doc("Email Queue", queued.name)
    stored.send()
    message = smtp.to("a@example.com")
    assert (stored.sender, message["from"], message["reply-to"]) == (sender, sender, answers)
    assert message["x-original-from"] == sender
    assert f"<{smtp.mails[0][0]}>" in f"<{sender.rpartition('<')[2].rstrip('>')}>"  # the envelope names it, too


def test_a_sender_that_the_account_replaces_still_gets_the_answers(frappe: Any, smtp: Any) -> None:
    make_account(frappe, smtp.port, always_use_account_email_id_as_sender=1)
    frappe.sendmail(["a@example.com"], message="x", sender="Me <me@example.com>", now=True)
    message = smtp.to("a@example.com")
    assert (message["from"], message["reply-to"]) == ("Me <shop@example.com>", "me@example.com")


def test_the_administrator_is_written_to_at_the_address_of_the_record(frappe: Any, account: Any) -> None:
    frappe.db.set_value("User", "Administrator", "email", "boss@example.com")
    queued = frappe.sendmail(["Administrator", "a@example.com"], message="x")
    assert sorted(row.recipient for row in queued.recipients) == ["a@example.com", "boss@example.com"]


def test_who_wants_no_mail_at_all_gets_none(frappe: Any, account: Any) -> None:
    frappe.get_doc({"doctype": "Email Unsubscribe", "email": "a@example.com", "global_unsubscribe": 1}).insert()
    assert frappe.sendmail(["a@example.com"], message="x", add_unsubscribe_link=0) == []
    (row,) = frappe.sendmail(["b@example.com"], cc=["a@example.com"], message="x").recipients
    assert row.recipient == "b@example.com"


def test_a_mail_says_by_default_where_it_is_unsubscribed(frappe: Any, account: Any) -> None:
    queued = frappe.sendmail(["a@example.com"], message="x")
    assert (queued.add_unsubscribe_link, queued.unsubscribe_method) == (1, "/api/method/frappe.email.queue.unsubscribe")
    assert frappe.sendmail(["a@example.com"], message="x", add_unsubscribe_link=0).add_unsubscribe_link == 0


def test_without_an_account_the_caller_is_told(frappe: Any) -> None:
    with pytest.raises(frappe.OutgoingEmailError, match=r"Email Account|邮"):
        frappe.sendmail(["a@example.com"], message="x")


def test_a_server_that_is_away_is_tried_again_later(frappe: Any, smtp: Any) -> None:
    make_account(frappe, free_port())
    queued = frappe.sendmail(["a@example.com"], message="x", now=True)
    kept = frappe.get_doc("Email Queue", queued.name)
    assert (kept.status, kept.retry, kept.recipients[0].status) == ("Not Sent", 1, "Not Sent")
    assert "refused" in kept.error
    assert kept.send_after > frappe.utils.now_datetime() + datetime.timedelta(minutes=4)


def test_a_mail_is_given_up_after_some_tries(frappe: Any) -> None:
    make_account(frappe, free_port())
    queued = frappe.sendmail(["a@example.com"], message="x")
    for _try in range(3):
        queued.send()
    assert (queued.status, queued.recipients[0].status) == ("Error", "Error")
    queued.retry_sending()
    assert frappe.db.get_value("Email Queue", queued.name, ["status", "retry"]) == ("Not Sent", 0)


def test_trying_again_writes_to_nobody_twice(frappe: Any, account: Any, smtp: Any) -> None:
    smtp.refused["b@example.com"] = "450 later"
    queued = frappe.sendmail(["a@example.com", "b@example.com"], message="x", now=True)
    assert queued.status == "Partially Sent"
    smtp.refused.clear()
    queued.send()
    assert [readers for _sender, readers, _message in smtp.mails] == [["a@example.com"], ["b@example.com"]]
    assert queued.status == "Sent"


def test_a_reader_who_does_not_exist_is_not_tried_again(frappe: Any, account: Any, smtp: Any) -> None:
    smtp.refused["gone@example.com"] = "550 no such mailbox"
    queued = frappe.sendmail(["gone@example.com"], message="x", now=True)
    assert (queued.status, queued.recipients[0].error) == ("Error", "550 no such mailbox")


def test_nothing_leaves_a_site_that_is_muted(frappe: Any, account: Any, smtp: Any) -> None:
    frappe.flags.mute_emails = True
    queued = frappe.sendmail(["a@example.com"], message="x", now=True)
    assert (queued.status, smtp.mails) == ("Not Sent", [])


def test_the_account_is_that_of_the_sender(frappe: Any, account: Any, smtp: Any) -> None:
    make_account(frappe, smtp.port, email_account_name="Sales", email_id="sales@example.com", default_outgoing=0)
    frappe.sendmail(["a@example.com"], sender="sales@example.com", message="x", now=True)
    assert smtp.mails[0][0] == "sales@example.com"
    assert frappe.get_all("Email Queue", pluck="email_account") == ["Sales"]


def test_one_account_is_the_default(frappe: Any, account: Any, smtp: Any) -> None:
    make_account(frappe, smtp.port, email_account_name="New", email_id="new@example.com")
    assert frappe.get_all("Email Account", {"default_outgoing": 1}, pluck="name") == ["New"]


def test_a_server_that_refuses_the_login_is_refused_when_the_account_is_saved(frappe: Any) -> None:
    frappe.flags.in_test = False
    with pytest.raises(frappe.ValidationError, match=r"127\.0\.0\.1"):
        make_account(frappe, free_port())


def test_templates_fill_in_the_document(frappe: Any) -> None:
    template = frappe.get_doc(
        {
            "doctype": "Email Template", "name": "Shipped", "subject": "{{ title }} on its way",
            "use_html": 1, "response_html": "<p>{{ doc.title }}: {{ title | upper }}</p>",
        }
    ).insert()  # fmt: skip
    note = frappe.get_doc({"doctype": "Note", "title": "SO-1"})
    assert template.get_formatted_email(note) == {"subject": "SO-1 on its way", "message": "<p>SO-1: SO-1</p>"}
    with pytest.raises(frappe.ValidationError):
        frappe.get_doc({"doctype": "Email Template", "name": "Bad", "subject": "{% if %}", "response": "x"}).insert()


def test_a_reader_unsubscribes_by_a_signed_address(frappe: Any, account: Any, smtp: Any) -> None:
    from frappe.utils.verified_command import get_signed_params

    note = frappe.get_doc({"doctype": "Note", "title": "news"}).insert()
    about = {"reference_doctype": "Note", "reference_name": note.name}
    queued = frappe.sendmail(["a@example.com"], message="x", now=True, **about)
    page = smtp.to("a@example.com").get_body(("html",)).get_content()
    assert get_signed_params({"email": "a@example.com", "doctype": "Note", "name": note.name}) in page
    frappe.get_doc({"doctype": "Email Unsubscribe", "email": "a@example.com", **about}).insert()
    assert frappe.sendmail(["a@example.com"], message="x", **about) == []
    assert queued.status == "Sent"


def test_people_write_from_a_document(frappe: Any, account: Any, smtp: Any) -> None:
    from frappe.core.doctype.communication.email import make

    note = frappe.get_doc({"doctype": "Note", "title": "SO-1"}).insert()
    given = make("Note", note.name, "<p>hi<script>x</script></p>", "About SO-1", recipients="a@example.com",
                 send_email=1, now=1)  # fmt: skip
    kept = frappe.get_doc("Communication", given["name"])
    assert (kept.reference_name, kept.delivery_status) == (note.name, "Sent")
    assert "script" not in smtp.to("a@example.com").as_string()


def test_who_has_no_right_to_send_mail_sends_none(frappe: Any, account: Any, make_user: Any, acting_as: Any) -> None:
    from frappe.core.doctype.communication.email import make

    make_user("x@example.com")
    with acting_as("x@example.com"), pytest.raises(frappe.PermissionError):
        make("User", "Administrator", "x", "x", recipients="a@example.com", send_email=1)


def test_prints_of_documents_that_the_writer_may_not_print_do_not_go_along(
    frappe: Any, account: Any, make_user: Any, acting_as: Any
) -> None:
    from frappe.core.doctype.communication.email import make

    make_user("x@example.com", "Desk User")
    private = frappe.get_doc({"doctype": "Note", "title": "salaries"}).insert()
    printed = {"print_format_attachment": 1, "doctype": "Note", "name": private.name}
    with acting_as("x@example.com"):
        own = frappe.get_doc({"doctype": "Note", "title": "own"}).insert()
        mail = {"doctype": "Note", "name": own.name, "recipients": "x@example.com", "send_email": 1}
        with pytest.raises(frappe.PermissionError):
            make(**mail, attachments=[printed])
        assert make(**mail, attachments=[{**printed, "name": own.name}])["name"]


def test_workers_share_the_queue(own_site: Any, smtp: Any) -> None:
    """Three workers at once: every mail is sent, none twice, and an urgent one is not behind the others."""
    import frappe

    with own_site.connected():
        make_account(frappe, smtp.port)
        for number in range(12):
            frappe.sendmail([f"r{number}@example.com"], message="x", send_priority=number)
        frappe.db.commit()

    def work() -> None:
        with own_site.connected():
            flush()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    readers = [reader for _sender, readers, _message in smtp.mails for reader in readers]
    assert sorted(readers) == sorted(f"r{number}@example.com" for number in range(12))
    with own_site.connected():
        assert set(frappe.get_all("Email Queue", pluck="status")) == {"Sent"}


def test_a_mail_whose_worker_died_is_taken_up_for_those_not_served(own_site: Any, smtp: Any) -> None:
    import frappe

    with own_site.connected():
        make_account(frappe, smtp.port)
        queued = frappe.sendmail(["a@example.com", "b@example.com"], message="x")
        long_ago = frappe.utils.now_datetime() - datetime.timedelta(hours=1)
        frappe.db.set_value("Email Queue Recipient", queued.recipients[0].name, "status", "Sent")
        frappe.db.set_value(
            "Email Queue", queued.name, {"status": "Sending", "modified": long_ago}, update_modified=False
        )
        frappe.db.commit()
        flush()
        assert [readers for _sender, readers, _message in smtp.mails] == [["b@example.com"]]
        assert frappe.db.get_value("Email Queue", queued.name, "status") == "Sent"


def test_an_unsubscription_is_about_something_and_entered_once(frappe: Any) -> None:
    entry = {"doctype": "Email Unsubscribe", "email": "gone@example.com"}
    with pytest.raises(frappe.MandatoryError):
        frappe.get_doc(entry).insert()
    frappe.get_doc({**entry, "global_unsubscribe": 1}).insert()
    frappe.get_doc({**entry, "reference_doctype": "User", "reference_name": "Administrator"}).insert()
    with pytest.raises(frappe.DuplicateEntryError):
        frappe.get_doc({**entry, "global_unsubscribe": 1}).insert()
