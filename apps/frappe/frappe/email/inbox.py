"""What people do with mail that came in."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _


@frappe.whitelist(methods=["POST", "PUT"])
def link_communication_to_document(
    doc: Any, reference_doctype: str, reference_name: str, ignore_communication_links: bool = False
) -> None:
    """Let a mail belong to a document, and what answers it too. Raises `PermissionError`."""
    communication = frappe.get_doc(frappe.parse_json(doc)) if isinstance(doc, (str, dict)) else doc
    if not communication.is_new():
        frappe.get_doc("Communication", communication.name).check_permission("write")
    frappe.has_permission(reference_doctype, "read", reference_name, throw=True)
    values = {"reference_doctype": reference_doctype, "reference_name": reference_name, "status": "Linked"}
    frappe.db.set_value("Communication", communication.name, values)
    if not ignore_communication_links:
        for name in frappe.get_all("Communication", {"in_reply_to": communication.name}, pluck="name"):
            frappe.db.set_value("Communication", name, values)


def _mine(communication: str) -> Any:
    document = frappe.get_doc("Communication", communication)
    document.check_permission("write")
    return document


@frappe.whitelist(methods=["POST", "PUT"])
def mark_as_closed_open(communication: str, status: str) -> None:
    """Close a mail, or open it again."""
    if status not in ("Open", "Closed"):
        frappe.throw(_("Parameter {0} must be one of {1}").format("status", "Open, Closed"))
    _mine(communication).db_set("status", status)


@frappe.whitelist(methods=["POST", "PUT"])
def mark_as_trash(communication: str) -> None:
    """Put a mail aside."""
    _mine(communication).db_set("email_status", "Trash")


@frappe.whitelist(methods=["POST", "PUT"])
def mark_as_spam(communication: str, sender: str) -> None:
    """Mark a mail as unwanted."""
    _mine(communication).db_set("email_status", "Spam")


@frappe.whitelist(methods=["POST", "PUT"])
def move_email(communication: str, email_account: str) -> None:
    """Let a mail belong to another mailbox."""
    frappe.get_doc("Email Account", email_account).check_permission("read")
    _mine(communication).db_set("email_account", email_account)
