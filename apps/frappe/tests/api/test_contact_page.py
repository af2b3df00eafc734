"""The page on which visitors write to whoever runs the site."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def frappe(frappe_connected: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The public package as a visitor's request has it; its mails are kept in `frappe.flags.mails`."""
    frappe = frappe_connected
    frappe.flags.mails = []
    monkeypatch.setattr(frappe, "sendmail", lambda **values: frappe.flags.mails.append(values))
    monkeypatch.setattr(frappe.local, "request_ip", "127.0.0.1", raising=False)
    frappe.db.set_single_value("Contact Us Settings", "forward_to_email", "shop@example.com")
    frappe.set_user("Guest")
    return frappe


def test_a_message_is_kept_forwarded_and_thanked_for(frappe: Any) -> None:
    from frappe.www.contact import send_message

    send_message(sender="cust@example.com", message="Hello <b>x</b>", subject="Prices")
    forwarded, thanks = frappe.flags.mails
    assert (forwarded["recipients"], forwarded["reply_to"]) == ("shop@example.com", "cust@example.com")
    assert (forwarded["subject"], forwarded["content"]) == ("Prices", "Hello &lt;b&gt;x&lt;/b&gt;")
    assert thanks["recipients"] == "cust@example.com"
    kept = frappe.get_last_doc("Communication", {"sender": "cust@example.com"})
    assert (kept.content, kept.status, kept.sent_or_received) == ("Hello &lt;b&gt;x&lt;/b&gt;", "Open", "Received")


def test_without_a_reader_it_is_only_kept(frappe: Any) -> None:
    from frappe.www.contact import send_message

    frappe.db.set_single_value("Contact Us Settings", "forward_to_email", None)
    send_message(sender="cust@example.com", message="Hello")
    assert [mail["recipients"] for mail in frappe.flags.mails] == ["cust@example.com"]
    assert frappe.db.exists("Communication", {"sender": "cust@example.com"})


def test_who_gives_no_address_is_refused(frappe: Any) -> None:
    from frappe.www.contact import send_message

    with pytest.raises(frappe.InvalidEmailAddressError):
        send_message(sender="nobody", message="Hello")
    assert frappe.flags.mails == []


def test_the_page_shows_what_is_set(frappe: Any) -> None:
    from frappe.website.serve import get_response_content

    frappe.db.set_single_value("Contact Us Settings", "query_options", "Sales\nSupport, Other")
    frappe.db.set_single_value("Contact Us Settings", "heading", "Write <us>")
    frappe.db.set_single_value("Contact Us Settings", "phone", "555")
    page = get_response_content("contact")
    assert "Write &lt;us&gt;" in page
    assert "<option>Sales</option><option>Support</option><option>Other</option>" in page
    assert "555" in page


def test_who_is_signed_in_may_send_it_too(frappe: Any) -> None:
    from frappe.website.serve import get_response_content

    frappe.set_user("Administrator")
    token = frappe.sessions.get_csrf_token()
    assert f'data-token="{token}"' in get_response_content("contact")
