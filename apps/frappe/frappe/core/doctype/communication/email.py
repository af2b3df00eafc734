"""Mails that people write from a document.

Invariant: who may not send mail from a document (right `email`) sends none, and what is sent is on its timeline.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from frappe_engine.kit.html import sanitize_html

import frappe
from frappe import _
from frappe.email.sending import addresses, stored_attachments, unsubscribed
from frappe.utils import cint, get_formatted_email, now_datetime, parse_addr, validate_email_address

PRINT_OPTIONS = ("print_format_attachment", "doctype", "name", "print_format", "html", "print_letterhead", "lang")


@frappe.whitelist()
def make(
    doctype: str | None = None,
    name: str | None = None,
    content: str | None = None,
    subject: str | None = None,
    sent_or_received: str = "Sent",
    sender: str | None = None,
    sender_full_name: str | None = None,
    recipients: Any = None,
    communication_medium: str = "Email",
    send_email: Any = False,
    print_html: str | None = None,
    print_format: str | None = None,
    attachments: Any = None,
    send_me_a_copy: Any = False,
    cc: Any = None,
    bcc: Any = None,
    read_receipt: Any = None,
    print_letterhead: Any = True,
    email_template: str | None = None,
    communication_type: str | None = None,
    send_after: Any = None,
    print_language: str | None = None,
    now: Any = False,
    **_more: Any,
) -> dict[str, Any]:
    """Keep a mail (or call, message) on a document's timeline, and send it with `send_email`.

    Gives `name` of the Communication and `emails_not_sent_to` (who wants no mail). Raises `PermissionError`, `InvalidEmailAddressError`.
    """
    if doctype and name:
        frappe.has_permission(doctype, "email", doc=frappe.get_doc(doctype, name), throw=True)
    else:
        frappe.has_permission("Communication", "create", throw=True)
    people = _people(sender, recipients, cc, bcc, copy_to_self=bool(cint(send_me_a_copy)))
    _check_readers(people if cint(send_email) else {})
    document = frappe.get_doc(
        {
            "doctype": "Communication",
            "subject": subject or _("No Subject"),
            "content": sanitize_html(content or "", always_sanitize=True),
            "sender_full_name": sender_full_name,
            "communication_medium": communication_medium,
            "sent_or_received": sent_or_received,
            "reference_doctype": doctype,
            "reference_name": name,
            "email_template": email_template,
            "read_receipt": cint(read_receipt),
            "send_after": send_after,
            "communication_date": now_datetime(),
            "communication_type": communication_type or "Communication",
            "has_attachment": int(bool(attachments)),
        }
    )
    document.update(people).insert(ignore_permissions=True)
    left_out: list[str] = []
    if cint(send_email):
        files = _files(doctype, name, attachments, print_format, print_html, print_letterhead, print_language)
        left_out = _send(document, files, now=bool(cint(now)))
    return {"name": document.name, "emails_not_sent_to": ", ".join(left_out)}


def _people(sender: str | None, recipients: Any, cc: Any, bcc: Any, *, copy_to_self: bool) -> dict[str, str]:
    writer = sender if sender and _may_write_as(sender) else get_formatted_email(frappe.session.user)
    copied = addresses(cc) + ([parse_addr(writer)[1]] if copy_to_self else [])
    return {
        "sender": writer,
        "recipients": ", ".join(addresses(recipients)),
        "cc": ", ".join(copied),
        "bcc": ", ".join(addresses(bcc)),
    }


def _check_readers(people: dict[str, str]) -> None:
    """Refuse addresses that are none: who writes can mend them at once."""
    for group in ("recipients", "cc", "bcc"):
        for address in addresses(people.get(group)):
            validate_email_address(address, throw=True)


def _may_write_as(sender: str) -> bool:
    """People write in their own name, or in that of a mailbox that is theirs."""
    address = parse_addr(sender)[1]
    own = {frappe.session.user, frappe.db.get_value("User", frappe.session.user, "email")}
    if address in own or "System Manager" in frappe.get_roles():
        return True
    accounts = frappe.get_all("User Email", {"parent": frappe.session.user}, pluck="email_id")
    return address in accounts


def _files(
    doctype: Any, name: Any, attachments: Any, print_format: Any, html: Any, letterhead: Any, lang: Any
) -> list[Any]:
    given = frappe.parse_json(attachments) if isinstance(attachments, str) else attachments
    files = [_readable(one) for one in given or []]
    if (print_format or html) and doctype and name:
        files.append(
            {
                "print_format_attachment": 1,
                "doctype": doctype,
                "name": name,
                "print_format": print_format,
                "html": html,
                "print_letterhead": cint(letterhead),
                "lang": lang,
            }
        )
    return stored_attachments(files)


def _readable(attachment: Any) -> Any:
    """Files and documents to print are named by the user, so they have to be ones the user may read or print."""
    if isinstance(attachment, str):
        attachment = {"fid": attachment}
    if not isinstance(attachment, dict):
        frappe.throw(_("Attachments are files, contents or prints"))
    if attachment.get("fcontent") is not None:
        return {"fname": attachment.get("fname"), "fcontent": attachment["fcontent"]}
    if attachment.get("print_format_attachment"):
        printed = frappe.get_doc(str(attachment.get("doctype")), attachment.get("name"))
        printed.check_permission("print")
        return {name: attachment[name] for name in PRINT_OPTIONS if name in attachment}
    name = attachment.get("fid") or frappe.db.get_value("File", {"file_url": str(attachment.get("file_url"))})
    frappe.get_doc("File", name).check_permission("read")
    return {"fid": name}


def add_attachments(name: str, attachments: Iterable[str | dict[str, Any]]) -> None:
    """Attach copies to a Communication: Files by name (or `fid`), and contents as `fname` and `fcontent`."""
    for given in attachments:
        attachment = {"fid": given} if isinstance(given, str) else given
        source = frappe.get_doc("File", attachment["fid"]) if attachment.get("fid") else None
        values = (
            {"file_url": source.file_url, "file_name": source.file_name, "is_private": source.is_private}
            if source
            else {"file_name": attachment["fname"], "content": attachment["fcontent"], "is_private": 1}
        )
        target = {"attached_to_doctype": "Communication", "attached_to_name": name, "folder": "Home/Attachments"}
        frappe.get_doc({"doctype": "File", **target, **values}).save(ignore_permissions=True)


def _send(document: Any, files: list[Any], *, now: bool) -> list[str]:
    gone = unsubscribed(document.reference_doctype, document.reference_name)
    left_out = [one for one in addresses(document.recipients) if parse_addr(one)[1].lower() in gone]
    queued = document.send_email(attachments=files, now=now)
    if queued:
        document.db_set({"message_id": queued.message_id, "delivery_status": "Sending" if not now else queued.status})
    return left_out


@frappe.whitelist(allow_guest=True, methods=["GET"])
def mark_email_as_seen(name: str | None = None) -> None:
    """Note that a mail was opened: its reader's program asked for the picture in it."""
    if name and frappe.db.exists("Communication", name):
        values = {"read_by_recipient": 1, "delivery_status": "Read", "read_by_recipient_on": now_datetime()}
        frappe.db.set_value("Communication", name, values)
        frappe.flags.commit = True
    frappe.response.update(frappe.utils.get_imaginary_pixel_response())
