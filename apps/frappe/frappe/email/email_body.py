"""What mails are made of."""

from __future__ import annotations

from frappe_engine.mail.messages import new_message_id

import frappe

__all__ = ["get_message_id"]


def get_message_id() -> str:
    """Give an id for a mail that no other has: `<…@site>`."""
    return new_message_id(str(frappe.local.site))
