"""Reports by mail, clearing of logs, and bringing deleted documents back."""

import datetime
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from frappe_engine.kit.tables import read_csv, read_xlsx


@pytest.fixture
def frappe(own_site: Any) -> Iterator[Any]:
    """Connected to a site of its own: reports by mail and clearing commit."""
    import frappe as face

    with own_site.connected():
        account = {
            "doctype": "Email Account",
            "email_account_name": "S",
            "email_id": "s@example.com",
            "enable_outgoing": 1,
        }
        face.get_doc({**account, "default_outgoing": 1, "smtp_server": "127.0.0.1"}).insert()
        query = "select name as `Note:Link/Note:200`, title as `Title:Data:100` from `tabNote` where title like %(like)s order by title"
        report = {"doctype": "Report", "report_name": "Notes", "ref_doctype": "Note", "report_type": "Query Report"}
        face.get_doc({**report, "is_standard": "No", "query": query}).insert()
        for title in ("apricot", "azalea", "bilberry"):
            face.get_doc({"doctype": "Note", "title": title, "public": 1}).insert()
        yield face


def by_mail(frappe: Any, **values: Any) -> Any:
    given = {
        "doctype": "Auto Email Report", "report": "Notes", "user": "Administrator", "email_to": "a@example.com\nb@example.com",
        "frequency": "Daily", "format": "HTML", "filters": json.dumps({"like": "a%"}), "no_of_rows": 100, **values,
    }  # fmt: skip
    return frappe.get_doc(given).insert()


def test_a_report_is_the_text_of_a_mail(frappe: Any) -> None:
    queued = by_mail(frappe).send()
    assert [row.recipient for row in queued.recipients] == ["a@example.com", "b@example.com"]
    assert "apricot" in queued.message
    assert "bilberry" not in queued.message


def test_mails_are_named_after_their_report_and_have_readers(frappe: Any) -> None:
    assert [by_mail(frappe).name for _number in range(2)] == ["Notes", "Notes-1"]
    with pytest.raises(frappe.MandatoryError):
        by_mail(frappe, email_to="")
    with pytest.raises(frappe.InvalidEmailAddressError):
        by_mail(frappe, email_to="foo")


@pytest.mark.parametrize("kind", ["XLSX", "CSV"])
def test_a_report_goes_along_as_a_file(frappe: Any, kind: str) -> None:
    from frappe.email.doctype.email_queue.email_queue import _attachment

    queued = by_mail(frappe, format=kind).send()
    file = _attachment(json.loads(queued.attachments)[0])
    rows = read_xlsx(io.BytesIO(file.content).getvalue()) if kind == "XLSX" else read_csv(file.content)
    assert [row[1] for row in rows[1:]] == ["apricot", "azalea"]


def test_an_empty_report_is_sent_only_when_wanted(frappe: Any) -> None:
    none = json.dumps({"like": "zzz"})
    assert by_mail(frappe, filters=none, send_if_data=1).send() is None
    assert by_mail(frappe, filters=none, send_if_data=0).send() is not None


def test_a_period_is_set_anew_each_time(frappe: Any) -> None:
    made = by_mail(frappe, dynamic_date_period="Weekly", from_date_field="since", to_date_field="until")
    values = made.filter_values()
    days = frappe.utils.date_diff(values["until"], values["since"])
    assert (values["until"], days, values["like"]) == (frappe.utils.nowdate(), 7, "a%")


@pytest.mark.parametrize(
    ("period", "begin"),
    [
        ("Daily", "2026-11-22"), ("Weekly", "2026-11-22"), ("Monthly", "2026-11-01"), ("Quarterly", "2026-10-01"),
        ("Half Yearly", "2026-07-01"), ("Yearly", "2026-01-01"),
    ],
)  # fmt: skip
def test_a_period_may_begin_with_its_first_day(frappe: Any, period: str, begin: str) -> None:
    made = by_mail(
        frappe, dynamic_date_period=period, from_date_field="a", to_date_field="b", use_first_day_of_period=1
    )
    frappe.db.set_single_value("System Settings", "first_day_of_the_week", "Sunday")
    assert str(made.period_start(datetime.date(2026, 11, 23))) == begin


@pytest.mark.parametrize(
    ("frequency", "day", "due"),
    [
        ("Daily", "2026-01-04", True), ("Weekdays", "2026-01-04", False), ("Weekdays", "2026-01-05", True),
        ("Weekly", "2026-01-05", True), ("Weekly", "2026-01-06", False), ("Monthly", "2026-01-01", True), ("Monthly", "2026-01-02", False),
    ],
)  # fmt: skip
def test_when_a_report_is_due(frappe: Any, frequency: str, day: str, due: bool) -> None:
    assert by_mail(frappe, frequency=frequency).is_due(day) is due


def test_a_report_that_fails_is_logged_and_stops_no_other(frappe: Any) -> None:
    from frappe.email.doctype.auto_email_report.auto_email_report import send_daily

    bad, good = by_mail(frappe), by_mail(frappe)
    frappe.db.set_value("Auto Email Report", bad.name, "filters", "{}")
    frappe.db.commit()
    send_daily()
    assert frappe.get_all("Email Queue", pluck="reference_name") == [good.name]
    assert frappe.db.exists("Error Log", {"reference_name": bad.name})


def test_a_report_shows_what_its_user_may_see(frappe: Any) -> None:
    frappe.get_doc({"doctype": "User", "email": "u@example.com", "first_name": "u", "send_welcome_email": 0}).insert()
    with pytest.raises(frappe.PermissionError):
        by_mail(frappe, user="u@example.com").send()
    assert frappe.session.user == "Administrator"


# logs


def test_logs_are_cleared_after_their_days(frappe: Any) -> None:
    for title in ("old", "new"):
        frappe.log_error(title)
    long_ago = frappe.utils.now_datetime() - datetime.timedelta(days=40)
    frappe.db.set_value("Error Log", {"method": "old"}, "creation", long_ago, update_modified=False)
    waiting = frappe.sendmail(["a@example.com"], message="x")
    frappe.db.set_value("Email Queue", waiting.name, "creation", long_ago, update_modified=False)
    frappe.db.commit()
    settings = frappe.get_single("Log Settings")
    settings.append("logs_to_clear", {"ref_doctype": "Error Log", "days": 30})
    assert settings.clear_logs()["Error Log"] == 1
    assert frappe.get_all("Error Log", pluck="method") == ["new"]
    assert frappe.db.exists("Email Queue", waiting.name)


def test_documents_are_no_logs(frappe: Any) -> None:
    settings = frappe.get_single("Log Settings")
    settings.append("logs_to_clear", {"ref_doctype": "User", "days": 1})
    with pytest.raises(frappe.ValidationError):
        settings.save()


# bringing back


def test_a_deleted_document_is_brought_back_once(frappe: Any) -> None:
    from frappe.core.doctype.deleted_document.deleted_document import bulk_restore, restore

    contact = frappe.get_doc({"doctype": "Contact", "first_name": "C", "phone_nos": [{"phone": "123"}]}).insert()
    contact.delete()
    kept = frappe.db.get_value("Deleted Document", {"deleted_name": contact.name}, "name")
    restore(kept)
    back = frappe.get_doc("Contact", contact.name)
    assert [row.phone for row in back.phone_nos] == ["123"]
    with pytest.raises(frappe.ValidationError):
        restore(kept)
    assert bulk_restore(json.dumps([kept])) == {"restored": [], "invalid": [], "failed": [kept]}
