"""Controller of the DocType Email Queue: a mail that is handed over, tried again, or given up.

Invariant: who got it is noted reader by reader, so that trying again writes to nobody twice.
"""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

from frappe_engine.mail.messages import COPIES, UNSUBSCRIBE, Attachment, finished
from frappe_engine.mail.smtp import MailRefused, SmtpConnection

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.model.document import Document
from frappe.utils import cint, escape_html, now_datetime, parse_addr

DEFAULT_TRIES = 3
FIRST_PAUSE_MINUTES = 5


def muted() -> bool:
    """Tell whether no mail leaves this site."""
    return bool(frappe.flags.mute_emails or cint(frappe.conf.get("mute_emails")))


def max_tries() -> int:
    """Give how often a mail is tried before it is given up."""
    return cint(frappe.db.get_single_value("System Settings", "email_retry_limit")) or DEFAULT_TRIES


class EmailQueue(Document):
    """A mail that waits, is being sent, was sent, or could not be."""

    @classmethod
    def find(cls, name: str) -> Any:
        """Give a mail of the queue."""
        return frappe.get_doc("Email Queue", name)

    @classmethod
    def find_one_by_filters(cls, **filters: Any) -> Any:
        """Give the mail with these values, None without one."""
        name = frappe.db.get_value("Email Queue", filters)
        return cls.find(name) if name else None

    @property
    def to(self) -> list[str]:
        """Who is written to as the first ones."""
        copied = {parse_addr(one)[1].lower() for one in (self.show_as_cc or "").split(",") if one}
        return [row.recipient for row in self.recipients if parse_addr(row.recipient)[1].lower() not in copied]

    @property
    def attachments_list(self) -> list[dict[str, Any]]:
        """What goes along, as it is kept."""
        return json.loads(self.attachments) if self.attachments else []

    def is_to_be_sent(self) -> bool:
        """Tell whether somebody still waits for it."""
        return self.status in ("Not Sent", "Partially Sent", "Sending")

    def can_send_now(self) -> bool:
        """Tell whether it may be sent: mail leaves this site, and nobody stopped the queue."""
        if muted() or cint(frappe.db.get_default("suspend_email_queue")):
            return False
        return self.status in ("Not Sent", "Partially Sent")

    def send(self, smtp_server_instance: Any = None, now: bool = False, commit: bool = False) -> None:
        """Hand it over to the readers who do not have it; what the server said is noted in the document.

        With `commit` each reader's outcome is committed at once.
        """
        if not self.can_send_now():
            return
        self._claim(commit)
        account = self.get_email_account()
        with _connection(smtp_server_instance, account) as connection:
            try:
                files = [_attachment(one) for one in self.attachments_list]
            except Exception:  # noqa: BLE001 - a file that is gone, a print that fails: kept, and seen by who looks
                self._note_failure(frappe.get_traceback(), permanent=True)
            else:
                self._send_to_all(connection, files, commit)
        self._note(commit)

    def _claim(self, commit: bool) -> None:
        self.status = "Sending"
        frappe.db.set_value("Email Queue", self.name, {"status": "Sending"})
        if commit:
            frappe.db.commit()

    def get_email_account(self) -> Any:
        """Give the account it leaves by."""
        if self.email_account and frappe.db.exists("Email Account", self.email_account):
            return frappe.get_cached_doc("Email Account", self.email_account)
        return EmailAccount.find_outgoing(self.sender, self.reference_doctype, _raise_error=True)

    def _send_to_all(self, connection: SmtpConnection, files: list[Attachment], commit: bool) -> None:
        sender = parse_addr(self.sender)[1]
        self.flags.failure = None
        for row in self.recipients:
            if row.status in ("Sent", "Error"):
                continue
            try:
                connection.send(self._message_for(row.recipient, files), sender, parse_addr(row.recipient)[1])
                row.status, row.error = "Sent", None
            except MailRefused as error:
                row.status, row.error = ("Error" if error.permanent else "Not Sent"), str(error)
                self.flags.failure = str(error)
            row.db_update()
            if commit:
                frappe.db.commit()

    def _message_for(self, recipient: str, files: list[Attachment]) -> Any:
        marks = {UNSUBSCRIBE: self.unsubscribe_url(recipient), COPIES: self._copies()}
        return finished(self.message, recipient, marks, files)

    def unsubscribe_url(self, recipient: str) -> str:
        """Give the address under which a reader says that they want no more of this."""
        if not self.add_unsubscribe_link:
            return ""
        from frappe.email.queue import get_unsubcribed_url

        method = self.unsubscribe_method or "/api/method/frappe.email.queue.unsubscribe"
        more = json.loads(self.unsubscribe_params or "{}")
        return get_unsubcribed_url(self.reference_doctype, self.reference_name, recipient, method, more)

    def _copies(self) -> str:
        if self.expose_recipients != "footer":
            return ""
        words = _("This email was sent to {0}").format(escape_html(", ".join(self.to)))
        if self.show_as_cc:
            words = _("This email was sent to {0} and copied to {1}").format(
                escape_html(", ".join(self.to)), escape_html(self.show_as_cc)
            )
        return f"<p>{words}</p>"

    def _note_failure(self, words: str, *, permanent: bool) -> None:
        self.flags.failure = words
        for row in self.recipients:
            if row.status != "Sent" and permanent:
                row.status, row.error = "Error", words[:500]
                row.db_update()

    def fail(self, words: str) -> None:
        """Note that it could not be sent at all; it is tried again as often as mail is."""
        self.flags.failure = words
        self._note(commit=False)

    def _note(self, commit: bool) -> None:
        states = {row.status for row in self.recipients}
        values: dict[str, Any] = {"error": self.flags.failure}
        if "Not Sent" in states and self.retry + 1 >= max_tries():
            for row in self.recipients:
                if row.status == "Not Sent":
                    row.status = "Error"
                    row.db_update()
            states = {row.status for row in self.recipients}
        if "Not Sent" in states:
            pause = timedelta(minutes=FIRST_PAUSE_MINUTES * 4**self.retry)
            values |= {"retry": self.retry + 1, "send_after": now_datetime() + pause}
            values["status"] = "Partially Sent" if "Sent" in states else "Not Sent"
        else:
            values["status"] = {("Sent",): "Sent", ("Error",): "Error"}.get(tuple(sorted(states)), "Partially Sent")
        self.update(values)
        frappe.db.set_value("Email Queue", self.name, values)
        self._tell_communication()
        if commit:
            frappe.db.commit()

    def _tell_communication(self) -> None:
        if self.communication and self.status in ("Sent", "Error"):
            frappe.db.set_value("Communication", self.communication, "delivery_status", self.status)

    @frappe.whitelist()
    def retry_sending(self) -> None:
        """Let it be tried again from the start, for those who did not get it."""
        self.check_permission("write")
        for row in self.recipients:
            if row.status != "Sent":
                row.status, row.error = "Not Sent", None
                row.db_update()
        values = {"status": "Not Sent", "retry": 0, "error": None, "send_after": None}
        self.update(values)
        frappe.db.set_value("Email Queue", self.name, values)


class _Borrowed:
    """A connection that somebody else closes."""

    def __init__(self, connection: SmtpConnection) -> None:
        self.connection = connection

    def __enter__(self) -> SmtpConnection:
        return self.connection

    def __exit__(self, *_error: object) -> None:
        return None


def _connection(given: Any, account: Any) -> Any:
    return _Borrowed(given) if isinstance(given, SmtpConnection) else SmtpConnection(account.get_smtp_server())


def _attachment(kept: dict[str, Any]) -> Attachment:
    if kept.get("content_base64") is not None:
        return Attachment(kept["fname"], base64.b64decode(kept["content_base64"]), kept.get("content_id"))
    if kept.get("print_format_attachment"):
        wanted = {name: value for name, value in kept.items() if name != "print_format_attachment"}
        printed = frappe.attach_print(**wanted)
        content = printed["fcontent"]
        return Attachment(printed["fname"], content if isinstance(content, bytes) else str(content).encode())
    name = kept.get("fid") or frappe.db.get_value("File", {"file_url": kept.get("file_url")})
    file = frappe.get_doc("File", name)
    content = file.get_content()
    return Attachment(file.file_name, content.encode() if isinstance(content, str) else content)


@frappe.whitelist()
def bulk_retry(queues: Any) -> None:
    """Let several mails be tried again."""
    frappe.only_for("System Manager")
    for name in frappe.parse_json(queues):
        frappe.get_doc("Email Queue", name).retry_sending()


@frappe.whitelist()
def retry_sending(queues: list[str]) -> None:
    """Let several mails be tried again."""
    bulk_retry(queues)


@frappe.whitelist()
def send_now(name: str, force_send: bool = False) -> None:
    """Hand a mail over now."""
    document = EmailQueue.find(name)
    document.check_permission("write")
    if force_send and document.status in ("Error", "Expired"):
        document.retry_sending()
    document.send(now=True)


@frappe.whitelist()
def toggle_sending(enable: Any) -> None:
    """Stop the queue, or let it go on."""
    frappe.only_for("System Manager")
    frappe.db.set_default("suspend_email_queue", 0 if frappe.utils.sbool(enable) is True else 1)


def on_doctype_update() -> None:
    """Find waiting mails by their state."""
    frappe.db.add_index("Email Queue", ["status", "send_after", "priority", "creation"], "waiting")
