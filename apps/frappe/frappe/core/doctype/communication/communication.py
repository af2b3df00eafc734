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
            self._link_to_timeline()
        self.status = self.status or ("Linked" if self.reference_name else "Open")

    def _link_to_timeline(self) -> None:
        """Show it too with whom the document is about: what its DocType names as the field for timelines."""
        meta = frappe.get_meta(self.reference_doctype)
        field = meta.get_field(meta.timeline_field) if meta.timeline_field else None
        if field is None or meta.issingle or not frappe.db.exists(self.reference_doctype, self.reference_name):
            return
        asked = [field.fieldname, *([field.options] if field.fieldtype == "Dynamic Link" else [])]
        found = frappe.db.get_value(self.reference_doctype, self.reference_name, asked, as_dict=True)
        doctype = found[field.options] if field.fieldtype == "Dynamic Link" else field.options
        name = found[field.fieldname]
        known = {(row.link_doctype, row.link_name) for row in self.timeline_links}
        if doctype and name and (doctype, name) not in known:
            self.append("timeline_links", {"link_doctype": doctype, "link_name": name})

    def after_insert(self) -> None:
        """Open the document it belongs to again when mail came in; what was answered is open no longer."""
        parent = self.parent_document()
        if parent is None:
            return
        if self.sent_or_received == "Received":
            self._reopen(parent)
        else:
            self._mark_replied()
        for event in ("notify_communication", "on_communication_update"):
            parent.run_method(event, self)
        parent.notify_update()

    def parent_document(self) -> Any:
        """Give the document it belongs to, None without one."""
        doctype, name = self.reference_doctype, self.reference_name
        if not doctype or not name or not frappe.db.exists(doctype, name):
            return None
        return frappe.get_doc(doctype, name)

    def _reopen(self, parent: Any) -> None:
        field = parent.meta.get_field("status")
        states = str(field.options or "").splitlines() if field is not None else []
        if {"Open", "Replied"} <= set(states) and parent.status != "Open":
            parent.db_set("status", "Open")

    def _mark_replied(self) -> None:
        if self.communication_type != "Communication" or self.communication_medium != "Email":
            return
        asked = {"reference_doctype": self.reference_doctype, "reference_name": self.reference_name, "status": "Open"}
        frappe.db.set_value("Communication", {**asked, "sent_or_received": "Received"}, "status", "Replied")

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
        queued = frappe.sendmail(**(given | options))
        if queued and not isinstance(queued, list) and not self.message_id:
            self.db_set("message_id", queued.message_id, update_modified=False)  # answers name it
        return queued


def has_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool:
    """Tell whether a user may see a communication: those on documents they may read, and their own."""
    who = user or frappe.session.user
    if ptype not in ("read", "email", "print") or who in ("Administrator", doc.owner):
        return True
    if doc.reference_doctype and doc.reference_name and frappe.db.exists(doc.reference_doctype, doc.reference_name):
        return frappe.has_permission(doc.reference_doctype, "read", doc.reference_name, user=who)
    return "System Manager" in frappe.get_roles(who)
