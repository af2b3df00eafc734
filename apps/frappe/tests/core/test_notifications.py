"""Rules that tell people: by event, value, day and minute; by mail and in the desk; and what a failing rule does."""

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from .servers import http_server, mail_server


@pytest.fixture
def smtp(frappe: Any) -> Iterator[Any]:
    with mail_server() as (port, handler):
        frappe.get_doc(
            {
                "doctype": "Email Account", "email_account_name": "Shop", "email_id": "shop@example.com",
                "enable_outgoing": 1, "default_outgoing": 1, "smtp_server": "127.0.0.1", "smtp_port": str(port),
                "no_smtp_authentication": 1,
            }
        ).insert()  # fmt: skip
        yield handler


@pytest.fixture
def parcel(make_doctype: Any) -> str:
    """A DocType with a status, a day, a moment and a mail address."""
    fields = [
        {"label": name.title(), "fieldname": name, "fieldtype": kind, "in_list_view": 1, "options": options}
        for name, kind, options in (
            ("title", "Data", None), ("status", "Data", None), ("due", "Date", None), ("due_at", "Datetime", None),
            ("customer_email", "Data", "Email"), ("told", "Check", None),
        )
    ]  # fmt: skip
    make_doctype("Parcel", fields, is_submittable=1, track_changes=1)
    return "Parcel"


def rule(frappe: Any, event: str, **values: Any) -> Any:
    given = {
        "doctype": "Notification", "name": f"Rule {frappe.generate_hash(length=5)}", "document_type": "Parcel",
        "event": event, "channel": "Email", "subject": "{{ doc.title }}", "message_type": "HTML",
        "message": "<p>{{ doc.title }} is {{ doc.status }}</p>",
        "recipients": [{"receiver_by_document_field": "customer_email"}], **values,
    }  # fmt: skip
    return frappe.get_doc(given).insert()


def parcel_of(frappe: Any, **values: Any) -> Any:
    given = {"title": "P1", "status": "new", "customer_email": "c@example.com", **values}
    return frappe.get_doc({"doctype": "Parcel", **given}).insert()


def subjects(frappe: Any) -> list[str]:
    from email import message_from_string

    return sorted(str(message_from_string(text)["Subject"]) for text in frappe.get_all("Email Queue", pluck="message"))


def test_a_new_document_is_told_by_mail(frappe: Any, parcel: str, smtp: Any) -> None:
    rule(frappe, "New", message="<p>{{ doc.title }}: {{ frappe.utils.fmt_money(5, currency='CNY') }}</p>")
    parcel_of(frappe)
    (queued,) = frappe.get_all("Email Queue", pluck="name")
    frappe.get_doc("Email Queue", queued).send()
    message = smtp.to("c@example.com")
    assert message["subject"] == "P1"
    assert "P1: ¥ 5.00" in message.get_body(("html",)).get_content()


@pytest.mark.parametrize(("event", "told"), [("Save", 2), ("Submit", 1), ("Cancel", 1), ("New", 1)])
def test_rules_listen_to_their_event(frappe: Any, parcel: str, smtp: Any, event: str, told: int) -> None:
    rule(frappe, event)
    document = parcel_of(frappe)
    document.submit()
    document.cancel()
    assert len(subjects(frappe)) == told


def test_a_value_that_changes_is_told_and_one_that_stays_is_not(frappe: Any, parcel: str, smtp: Any) -> None:
    rule(frappe, "Value Change", value_changed="status")
    document = parcel_of(frappe)
    document.title = "P2"
    document.save()
    assert subjects(frappe) == []
    document.status = "sent"
    document.save()
    assert subjects(frappe) == ["P2"]


def test_a_method_is_an_event_too(frappe: Any, parcel: str, smtp: Any) -> None:
    rule(frappe, "Method", method="on_arrival")
    parcel_of(frappe).run_method("on_arrival")
    assert subjects(frappe) == ["P1"]


@pytest.mark.parametrize(
    "values",
    [
        {"condition": "doc.status == 'late'"},
        {"condition_type": "Filters", "filters": '[["Parcel", "status", "=", "late"]]'},
    ],
)
def test_a_condition_chooses_documents(frappe: Any, parcel: str, smtp: Any, values: dict[str, Any]) -> None:
    rule(frappe, "New", **values)
    parcel_of(frappe, title="in time")
    parcel_of(frappe, title="late", status="late")
    assert subjects(frappe) == ["late"]


def test_a_rule_that_was_switched_off_tells_nothing(frappe: Any, parcel: str, smtp: Any) -> None:
    made = rule(frappe, "New")
    made.enabled = 0
    made.save()
    parcel_of(frappe)
    assert subjects(frappe) == []


def test_days_before_and_after(frappe: Any, parcel: str, smtp: Any) -> None:
    today = frappe.utils.getdate()
    before = rule(frappe, "Days Before", date_changed="due", days_in_advance=2)
    after = rule(frappe, "Days After", date_changed="due", days_in_advance=3)
    for days in (-3, 0, 2):
        parcel_of(frappe, title=f"{days}", due=today + datetime.timedelta(days=days))
    names = {name: frappe.db.get_value("Parcel", name, "title") for name in frappe.get_all("Parcel", pluck="name")}
    assert [names[name] for name in before.get_documents_for_today()] == ["2"]
    assert [names[name] for name in after.get_documents_for_today()] == ["-3"]


def test_a_moment_is_told_once(frappe: Any, parcel: str, smtp: Any) -> None:
    made = rule(frappe, "Minutes Before", datetime_changed="due_at", minutes_offset=30)
    now = frappe.utils.now_datetime()
    parcel_of(frappe, due_at=now + datetime.timedelta(minutes=28))
    assert len(made.get_documents_for_minutes(now)) == 1
    made.datetime_last_run = now
    assert made.get_documents_for_minutes(now + datetime.timedelta(minutes=4)) == []


def test_roles_assignees_and_copies_are_written_to(frappe: Any, parcel: str, smtp: Any, make_user: Any) -> None:
    make_user("m@example.com", "Website Manager")
    recipients = [{"receiver_by_role": "Website Manager", "cc": "{{ doc.customer_email }}", "bcc": "b@example.com"}]
    made = rule(frappe, "Save", recipients=recipients)
    document = parcel_of(frappe)
    found = made.get_list_of_recipients(document, {"doc": document})
    assert found == (["m@example.com"], ["c@example.com"], ["b@example.com"])


def test_users_are_told_in_the_desk(frappe: Any, parcel: str, make_user: Any) -> None:
    make_user("a@example.com", "System Manager")
    recipients = [{"receiver_by_document_field": "customer_email"}]
    rule(frappe, "New", channel="System Notification", recipients=recipients)
    document = parcel_of(frappe, customer_email="a@example.com")
    (notice,) = frappe.get_all(
        "Notification Log", {"document_type": "Parcel"}, ["for_user", "subject", "document_name", "type"]
    )
    assert notice == {"for_user": "a@example.com", "subject": "P1", "document_name": document.name, "type": "Alert"}


def test_a_field_is_set_after_telling(frappe: Any, parcel: str, smtp: Any) -> None:
    rule(frappe, "New", set_property_after_alert="told", property_value="1")
    document = parcel_of(frappe)
    assert frappe.db.get_value("Parcel", document.name, "told") == 1
    document.title = "again"
    document.save()  # the caller's copy is up to date


def test_a_rule_that_fails_is_logged_and_stops_nobody(frappe: Any, parcel: str, smtp: Any) -> None:
    rule(frappe, "New", message="{{ 1 / 0 }}")
    document = parcel_of(frappe)
    assert frappe.db.exists("Parcel", document.name)
    assert frappe.db.exists("Error Log", {"reference_doctype": "Notification"})


def test_rules_that_can_not_work_are_refused(frappe: Any, parcel: str) -> None:
    with pytest.raises(frappe.MandatoryError):
        rule(frappe, "Days Before")
    with pytest.raises(frappe.ValidationError):
        rule(frappe, "New", condition="doc.status ==")
    with pytest.raises(frappe.ValidationError):
        rule(frappe, "New", message="{% if %}")


def test_an_assignment_is_mailed_unless_its_reader_wants_none(frappe: Any, smtp: Any, make_user: Any) -> None:
    from frappe.desk.form.assign_to import add

    make_user("a@example.com", "System Manager", send_welcome_email=0)
    note = frappe.get_doc({"doctype": "Note", "title": "n", "public": 1}).insert()
    add({"doctype": "Note", "name": note.name, "assign_to": ["a@example.com"]})
    assert len(subjects(frappe)) == 1
    frappe.db.set_value("Notification Settings", "a@example.com", "enable_email_assignment", 0)
    frappe.clear_document_cache("Notification Settings", "a@example.com")
    other = frappe.get_doc({"doctype": "Note", "title": "m", "public": 1}).insert()
    add({"doctype": "Note", "name": other.name, "assign_to": ["a@example.com"]})
    assert len(subjects(frappe)) == 1


def test_a_reminder_is_told_at_its_moment(frappe: Any) -> None:
    from frappe.automation.doctype.reminder.reminder import create_new_reminder, send_reminders

    soon = frappe.utils.now_datetime() + datetime.timedelta(minutes=5)
    made = create_new_reminder(soon, "call the supplier")
    send_reminders()
    assert not frappe.db.exists("Notification Log", {"subject": "call the supplier"})
    frappe.db.set_value("Reminder", made.name, "remind_at", frappe.utils.now_datetime())
    send_reminders()
    send_reminders()
    assert frappe.db.count("Notification Log", {"subject": "call the supplier", "for_user": "Administrator"}) == 1


def test_a_value_set_by_db_set_is_told_once_it_differs(frappe: Any, parcel: str, smtp: Any) -> None:
    rule(frappe, "Value Change", value_changed="status")
    document = frappe.get_doc("Parcel", parcel_of(frappe).name)
    document.db_set("title", "P2")
    document.db_set("status", "new")
    assert subjects(frappe) == []
    document.db_set("status", "sent")
    document.db_set("title", "P3")
    assert subjects(frappe) == ["P2"]


def test_a_value_set_past_the_document_is_told_to_nobody(frappe: Any, parcel: str, smtp: Any) -> None:
    rule(frappe, "Value Change", value_changed="status")
    frappe.db.set_value("Parcel", parcel_of(frappe).name, "status", "sent")
    assert subjects(frappe) == []


def test_the_administrator_as_owner_is_nobodys_address(frappe: Any, parcel: str, smtp: Any, make_user: Any) -> None:
    made = rule(frappe, "New", recipients=[{"receiver_by_document_field": "owner"}])
    document = parcel_of(frappe)
    assert made.get_list_of_recipients(document, {"doc": document}) == ([], [], [])
    document.owner = make_user("own@example.com").name
    assert made.get_list_of_recipients(document, {"doc": document})[0] == ["own@example.com"]


@pytest.fixture
def gateway(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """A gateway for text messages at a local address; gives the parameters it was asked with. Jobs run at once."""
    with http_server() as (address, calls):
        settings = frappe.get_doc("SMS Settings")
        settings.update({"sms_gateway_url": f"{address}/send", "message_parameter": "text"})
        settings.update({"receiver_parameter": "to", "use_post": 1})
        settings.set("parameters", [{"parameter": "key", "value": "K"}])
        settings.save()
        monkeypatch.setattr(frappe, "enqueue", run_now)
        yield calls


def run_now(path: str, *, queue: str, enqueue_after_commit: bool, **values: Any) -> None:
    from frappe.core.doctype.sms_settings.sms_settings import send_sms

    assert (path.rpartition(".")[2], queue, enqueue_after_commit) == ("send_sms", "short", True)
    send_sms(**values)


def test_a_rule_sends_text_messages(frappe: Any, parcel: str, gateway: list[Any], make_user: Any) -> None:
    make_user("m@example.com", "Website Manager", mobile_no="+49 170-1")
    recipients = [{"receiver_by_role": "Website Manager"}, {"receiver_by_document_field": "title"}]
    rule(frappe, "New", channel="SMS", message="<b>{{ doc.status }}</b> &amp; done", recipients=recipients)
    parcel_of(frappe, title="0170 22; 0170 33")
    sent = [parse_qs(call["body"].decode()) for call in gateway]
    assert [values["to"] for values in sent] == [["+491701"], ["017022"], ["017033"]]
    assert sent[0] == {"to": ["+491701"], "text": ["new & done"], "key": ["K"]}
    assert frappe.get_all("SMS Log", pluck="no_of_sent_sms") == [3]


def test_a_rule_without_numbers_sends_nothing(frappe: Any, parcel: str, gateway: list[Any], make_user: Any) -> None:
    recipients = [{"receiver_by_document_field": "owner"}, {"receiver_by_document_field": "title", "condition": "0"}]
    rule(frappe, "New", channel="SMS", recipients=recipients)
    parcel_of(frappe, title="0170 22")
    assert gateway == []
