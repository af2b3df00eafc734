"""What tests of apps borrow from the tests of Communication."""

from __future__ import annotations

from typing import Any

import frappe

__all__ = ["create_email_account"]

NAME, ADDRESS = "_Test Comm Account 1", "test_comm@example.com"


def create_email_account() -> Any:
    """Give the mailbox of tests, anew: it takes mails by IMAP and is the one that sends where nobody says which."""
    frappe.delete_doc_if_exists("Email Account", NAME)
    frappe.flags.mute_emails, frappe.flags.sent_mail = False, None
    return frappe.get_doc(
        {
            "doctype": "Email Account",
            "email_account_name": NAME,
            "email_id": ADDRESS,
            "password": "password",
            "append_to": "ToDo",
            "enable_incoming": 1,
            "enable_outgoing": 1,
            "enable_automatic_linking": 1,
            "default_outgoing": 1,
            "smtp_server": "test.example.com",
            "email_server": "pop.test.example.com",
            "track_email_status": 1,
            "notify_if_unreplied": 1,
            "unreplied_for_mins": 20,
            "send_notification_to": ADDRESS,
        }
    ).insert(ignore_permissions=True)
