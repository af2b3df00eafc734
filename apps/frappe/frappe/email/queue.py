"""The queue of mails: sending what waits, giving up what is too old, and readers who want no more.

Invariant: a mail is claimed by one conditional statement and that is committed before anything is sent, so two workers
never send the same one; one whose worker died is taken up again for those readers who are not noted as served.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from frappe_engine.mail.smtp import SmtpConnection

import frappe
from frappe import _
from frappe.email.doctype.email_queue.email_queue import muted
from frappe.utils import cint, now_datetime
from frappe.utils.verified_command import get_signed_params, verify_request

BATCH = 500
FORGOTTEN_MINUTES = 20
EXPIRES_DAYS = 7


def flush(from_test: bool = False) -> None:
    """Send the mails that wait: the urgent and the old ones first. Commits after each reader."""
    if muted() or cint(frappe.db.get_default("suspend_email_queue")):
        return
    with ExitStack() as stack:
        connections: dict[str, SmtpConnection] = {}
        for name in get_queue():
            if claim(name):
                _send(name, connections, stack)


def _send(name: str, connections: dict[str, SmtpConnection], stack: ExitStack) -> None:
    document = frappe.get_doc("Email Queue", name)
    document.status = "Not Sent"  # claimed by this worker: the method looks at the state before the claim
    try:
        account = document.get_email_account()
        key = str(account.name or account.smtp_server)
        if key not in connections:
            connections[key] = stack.enter_context(SmtpConnection(account.get_smtp_server()))
        document.send(connections[key], commit=True)
    except Exception:  # noqa: BLE001 - one mail's trouble must not stop the others
        frappe.db.rollback()
        document.fail(frappe.get_traceback())
        frappe.db.commit()


def get_queue() -> list[str]:
    """Give the names of mails that may be sent now."""
    moment = now_datetime()
    limit = cint(frappe.conf.get("email_queue_batch_size")) or BATCH
    rows = frappe.db.sql(
        "select name from `tabEmail Queue` where ((status in ('Not Sent', 'Partially Sent')"
        " and (send_after is null or send_after <= %(moment)s)) or (status = 'Sending' and modified < %(forgotten)s))"
        " order by priority desc, retry asc, creation asc limit %(limit)s",
        {"moment": moment, "forgotten": moment - timedelta(minutes=FORGOTTEN_MINUTES), "limit": limit},
    )
    return [row[0] for row in rows]


def claim(name: str) -> bool:
    """Take a mail for sending; False when another worker has it."""
    moment = now_datetime()
    forgotten = moment - timedelta(minutes=FORGOTTEN_MINUTES)
    changed = frappe.db.write(
        "UPDATE `tabEmail Queue` SET `status` = 'Sending', `modified` = ? WHERE `name` = ?"
        " AND (`status` IN ('Not Sent', 'Partially Sent') OR (`status` = 'Sending' AND `modified` < ?))",
        (moment, name, forgotten),
    )
    frappe.db.commit()
    return bool(changed.rowcount)


def set_expiry_for_email_queue() -> None:
    """Give up mails that waited for days."""
    too_old = {
        "status": ["in", ("Not Sent", "Partially Sent")],
        "creation": ["<", now_datetime() - timedelta(days=EXPIRES_DAYS)],
    }
    names = [
        name
        for name, send_after in frappe.get_all("Email Queue", too_old, ["name", "send_after"], as_list=True)
        if not send_after or send_after < now_datetime()
    ]
    if names:
        frappe.db.set_value("Email Queue", {"name": ["in", names]}, "status", "Expired")
        frappe.db.set_value(
            "Email Queue Recipient", {"parent": ["in", names], "status": "Not Sent"}, "status", "Expired"
        )


def get_emails_sent_this_month(email_account: str | None = None) -> int:
    """Give how many mails were sent this month (by an account)."""
    return _sent_since(frappe.utils.get_first_day(frappe.utils.nowdate()), email_account)


def get_emails_sent_today(email_account: str | None = None) -> int:
    """Give how many mails were sent today (by an account)."""
    return _sent_since(frappe.utils.nowdate(), email_account)


def _sent_since(day: Any, email_account: str | None) -> int:
    filters: dict[str, Any] = {"status": ["in", ("Sent", "Partially Sent", "Sending")], "creation": [">=", day]}
    if email_account:
        filters["email_account"] = email_account
    return frappe.db.count("Email Queue", filters)


def get_unsubcribed_url(
    reference_doctype: str | None,
    reference_name: str | None,
    email: str,
    unsubscribe_method: str,
    unsubscribe_params: Any,
) -> str:
    """Give the signed address under which a reader says that they want no more mail about a document."""
    params = {"email": email, "doctype": reference_doctype, "name": reference_name, **(unsubscribe_params or {})}
    return frappe.utils.get_url(f"{unsubscribe_method}?{get_signed_params(params)}")


@frappe.whitelist(allow_guest=True)
def unsubscribe(doctype: str, name: str, email: str) -> None:
    """Note that a reader wants no more mail about a document; the address they came by is signed."""
    if not verify_request():
        return
    if not frappe.db.exists(
        "Email Unsubscribe", {"email": email, "reference_doctype": doctype, "reference_name": name}
    ):
        frappe.get_doc(
            {"doctype": "Email Unsubscribe", "email": email, "reference_doctype": doctype, "reference_name": name}
        ).insert(ignore_permissions=True)
    frappe.flags.commit = True  # the link in a mail is a plain GET
    frappe.respond_as_web_page(
        _("Unsubscribed"),
        _("{0} gets no more mail about {1} {2}").format(frappe.utils.escape_html(email), _(doctype), name),
    )


def clear_outbox(days: int | None = None) -> None:
    """Delete mails that were dealt with more than `days` (30) ago."""
    day = now_datetime() - timedelta(days=cint(days) or 30)
    names: Iterable[str] = frappe.get_all(
        "Email Queue", {"modified": ["<", day], "status": ["not in", ("Not Sent", "Sending")]}, pluck="name"
    )
    frappe.db.delete("Email Queue Recipient", {"parent": ["in", list(names) or [""]]})
    frappe.db.delete("Email Queue", {"name": ["in", list(names) or [""]]})
