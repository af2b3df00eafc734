"""Controller of the DocType Communication: a mail, call or message on the timelines of documents."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import get_fullname, parse_addr, strip_html


class Communication(Document):
    """A mail, call or message that belongs to documents."""

    no_feed_on_delete = True

    def validate(self) -> None:
        """Fill in who writes, who owns what it is about, and the text without mark-up."""
        self.sender = self.sender or frappe.db.get_value("User", frappe.session.user, "email") or ""
        if not self.sender_full_name:
            self.sender_full_name = parse_addr(self.sender)[0] or get_fullname(self.user or frappe.session.user)
        self.text_content = strip_html(self.content or "")
        if self.reference_doctype and self.reference_name:
            self.reference_owner = frappe.db.get_value(self.reference_doctype, self.reference_name, "owner")
        self.status = self.status or ("Linked" if self.reference_name else "Open")

    def send_email(self, **options: Any) -> Any:
        """Queue the mail this communication is; see `frappe.sendmail` for what `options` may be."""
        given = {
            "sender": self.sender,
            "recipients": self.recipients,
            "cc": self.cc,
            "bcc": self.bcc,
            "subject": self.subject,
            "content": self.content,
            "reference_doctype": self.reference_doctype,
            "reference_name": self.reference_name,
            "message_id": self.message_id,
            "communication": self.name,
            "expose_recipients": "header",
            "read_receipt": self.read_receipt,
            "send_after": self.send_after,
        }
        return frappe.sendmail(**(given | options))


def has_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool:
    """Tell whether a user may see a communication: those on documents they may read, and their own."""
    who = user or frappe.session.user
    if ptype not in ("read", "email", "print") or who in ("Administrator", doc.owner):
        return True
    if doc.reference_doctype and doc.reference_name and frappe.db.exists(doc.reference_doctype, doc.reference_name):
        return frappe.has_permission(doc.reference_doctype, "read", doc.reference_name, user=who)
    return "System Manager" in frappe.get_roles(who)
