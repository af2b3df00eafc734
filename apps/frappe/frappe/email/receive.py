"""Mail that comes in: from a mailbox to Communications on the timelines of documents.

What a mail belongs to, in this order: the thread of the mail it answers (a Communication or a mail of the queue), the
document named in its subject as `(#name)` or in its address (`box+DocType=name@…`), the document its sender wrote about
under the same subject, a new document where the mailbox appends to a DocType, nothing.

Invariant: a mail is kept once, whatever happens on the way: as a Communication with all its files, or as an Unhandled
Email with the reason; only then it is marked in the mailbox.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from frappe_engine.documents.files import save_file
from frappe_engine.kit.html import sanitize_html
from frappe_engine.mail.mailboxes import Fetched, FolderState, ImapBox, MailboxUnusable, PopBox
from frappe_engine.mail.received import Received, read_mail

import frappe
from frappe import _
from frappe.utils import cint, convert_utc_to_system_timezone, now_datetime

MOST_AT_ONCE = 250
SAME_SUBJECT_FOR = timedelta(days=60)
_ANSWER_MARKS = re.compile(r"^\s*(?:(?:re|fwd?|aw|wg|回复|答复|转发)(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)
_NAMED = re.compile(r"\(#([^()]+)\)")


class SentEmailInInboxError(Exception):
    """A mail that the mailbox itself sent."""


class InboundMail:
    """A mail that came into a mailbox."""

    def __init__(
        self,
        content: bytes | str,
        email_account: Any,
        uid: Any = None,
        seen_status: Any = None,
        append_to: str | None = None,
    ) -> None:
        self.raw = content.encode() if isinstance(content, str) else content
        self.mail: Received = read_mail(self.raw)
        self.email_account, self.uid, self.seen = email_account, uid, seen_status
        self.append_to = append_to or (None if email_account.use_imap else email_account.append_to)

    # what it says

    @property
    def subject(self) -> str:
        """Its subject, as far as a field holds it."""
        return self.mail.subject[:140] or str(_("No Subject"))

    @property
    def plain_subject(self) -> str:
        """Its subject without the marks of answers."""
        return _ANSWER_MARKS.sub("", self.subject).strip()

    @cached_property
    def known(self) -> str | None:
        """The Communication that keeps this mail already."""
        if not self.mail.message_id:
            return None
        found: str | None = frappe.db.get_value(
            "Communication",
            {"message_id": self.mail.message_id, "sent_or_received": "Received", "communication_medium": "Email"},
        )
        return found

    # what it belongs to

    @cached_property
    def answered(self) -> Any:
        """What it answers: `reference_doctype`, `reference_name`, `name` of the Communication; None for none."""
        fields = ["reference_doctype", "reference_name", "name"]
        for message_id in self.mail.answered_ids:
            found = frappe.db.get_value("Communication", {"message_id": message_id}, fields, as_dict=True)
            if found is None:
                queued = ["reference_doctype", "reference_name", "communication as name"]
                found = frappe.db.get_value("Email Queue", {"message_id": message_id}, queued, as_dict=True)
            if found is not None:
                return found
        return None

    def parent_communication(self) -> Any:
        """Give the Communication it answers, None without one."""
        name = self.answered.name if self.answered else None
        return frappe.get_doc("Communication", name) if name and frappe.db.exists("Communication", name) else None

    def reference_document(self) -> Any:
        """Give the document it belongs to, made new where the mailbox appends to a DocType; None for none."""
        if self.answered and self._is_there(self.answered.reference_doctype, self.answered.reference_name):
            return frappe.get_doc(self.answered.reference_doctype, self.answered.reference_name)
        return self._named_in_subject() or self._named_in_address() or self._same_subject() or self._new_document()

    @staticmethod
    def _is_there(doctype: Any, name: Any) -> bool:
        return bool(doctype and name and frappe.db.exists("DocType", doctype) and frappe.db.exists(doctype, name))

    def _named_in_subject(self) -> Any:
        found = _NAMED.findall(self.mail.subject)
        if found and self.append_to and self._is_there(self.append_to, found[-1].strip()):
            return frappe.get_doc(self.append_to, found[-1].strip())
        return None

    def _named_in_address(self) -> Any:
        if not self.email_account.enable_automatic_linking:
            return None
        own, _at, domain = str(self.email_account.email_id).lower().partition("@")
        for address in (*self.mail.to, *self.mail.cc):
            box, _at, host = address.partition("@")
            name, _plus, link = box.partition("+")
            doctype, _equals, document = unquote(link).partition("=" if "=" in link else "+")
            if (name, host) != (own, domain) or not document:
                continue
            real = frappe.db.get_value("DocType", {"name": ["like", doctype.replace("_", r"\_")]})
            stored = frappe.db.get_value(real, {"name": ["like", document.replace("_", r"\_")]}) if real else None
            if stored:
                return frappe.get_doc(real, stored)
        return None

    def _same_subject(self) -> Any:
        fields = self._append_fields()
        if not fields.get("subject") or not fields.get("sender"):
            return None
        wanted = {
            fields["subject"]: self.plain_subject,
            fields["sender"]: self.mail.sender,
            "creation": [">", now_datetime() - SAME_SUBJECT_FOR],
        }
        name = frappe.db.get_value(self.append_to, wanted, order_by="creation desc")
        return frappe.get_doc(self.append_to, name) if name else None

    def _append_fields(self) -> dict[str, str]:
        if not self.append_to:
            return {}
        meta = frappe.get_meta(self.append_to)
        if not meta.email_append_to:
            return {}
        named = {
            "subject": meta.subject_field,
            "sender": meta.sender_field,
            "sender_name": meta.get("sender_name_field"),
        }
        named["account"] = meta.get("recipient_account_field")
        return {key: str(name) for key, name in named.items() if name and meta.has_field(name)}

    def _new_document(self) -> Any:
        fields = self._append_fields()
        if not fields:
            return None
        made = frappe.new_doc(self.append_to)
        given = {
            "subject": self.plain_subject,
            "sender": self.mail.sender,
            "sender_name": self.mail.sender_name,
            "account": self.email_account.name,
        }
        for key, fieldname in fields.items():
            made.set(fieldname, given[key])
        made.flags.ignore_mandatory = True
        return made.insert(ignore_permissions=True)

    # keeping it

    def process(self) -> Any:
        """Keep it and give its Communication; one that is kept already is given as it is.

        Raises `SentEmailInInboxError` for what the mailbox sent itself.
        """
        if self.known:
            return frappe.get_doc("Communication", self.known)
        if self.mail.sender == str(self.email_account.email_id).lower():
            raise SentEmailInInboxError
        is_new_thread = self.answered is None
        communication = self._communication(self.reference_document())
        self._keep_files(communication)
        if is_new_thread:
            self._reply_automatically(communication)
        return communication

    def _communication(self, reference: Any) -> Any:
        answered = self.parent_communication()
        sent_at = self.mail.sent_at
        document = frappe.get_doc(
            {
                "doctype": "Communication",
                "communication_medium": "Email",
                "sent_or_received": "Received",
                "subject": self.subject,
                "content": sanitize_html(self.mail.html, always_sanitize=True),
                "sender": self.mail.sender,
                "sender_full_name": self.mail.sender_name[:140],
                "recipients": ", ".join(self.mail.to),
                "cc": ", ".join(self.mail.cc),
                "communication_date": convert_utc_to_system_timezone(sent_at).replace(tzinfo=None)
                if sent_at
                else now_datetime(),
                "message_id": self.mail.message_id,
                "in_reply_to": answered.name if answered else None,
                "email_account": self.email_account.name,
                "uid": cint(self.uid) or None,
                "seen": cint(self.seen),
                "has_attachment": int(bool(self.mail.files)),
                "reference_doctype": reference.doctype if reference is not None else None,
                "reference_name": reference.name if reference is not None else None,
                "status": "Open",
            }
        )
        contact = self._contact()
        if contact:
            document.append("timeline_links", {"link_doctype": "Contact", "link_name": contact})
        return document.insert(ignore_permissions=True, ignore_links=True)

    def _contact(self) -> str | None:
        known: str | None = frappe.db.get_value("Contact Email", {"email_id": self.mail.sender}, "parent")
        if known or not self.email_account.create_contact or not self.mail.sender or self.mail.automatic:
            return known
        contact = frappe.get_doc({"doctype": "Contact", "first_name": self.mail.sender_name[:140]})
        contact.append("email_ids", {"email_id": self.mail.sender, "is_primary": 1})
        contact.flags.ignore_mandatory = True
        return str(contact.insert(ignore_permissions=True).name)

    def _keep_files(self, communication: Any) -> None:
        limit = cint(self.email_account.attachment_limit) * 1024 * 1024
        html = communication.content or ""
        left_out = []
        for file in self.mail.files:
            try:
                if limit and len(file.content) > limit:
                    raise frappe.ValidationError(
                        _("it is larger than {0} MB").format(self.email_account.attachment_limit)
                    )
                kept = save_file(file.name, file.content, "Communication", communication.name, is_private=1)
            except frappe.ValidationError as error:
                frappe.clear_last_message()
                left_out.append(f"{file.name}: {error}")
                continue
            if file.content_id:
                html = html.replace(f"cid:{file.content_id}", str(kept.file_url))
        if left_out:
            lines = "".join(f"<div>{frappe.utils.escape_html(line)}</div>" for line in left_out)
            html += f"<div><b>{_('Attachments that were left out')}</b></div>{lines}"
        if html != communication.content:
            communication.db_set("content", html, update_modified=False)

    def _reply_automatically(self, communication: Any) -> None:
        account = self.email_account
        if not account.enable_auto_reply or self.mail.automatic or not self.mail.sender:
            return
        values = {"doc": communication.as_dict()}
        frappe.sendmail(
            recipients=[self.mail.reply_to or self.mail.sender],
            sender=account.email_id,
            subject=f"Re: {self.plain_subject}",
            message=frappe.render_template(account.auto_reply_message or "", values),
            reference_doctype=communication.reference_doctype,
            reference_name=communication.reference_name,
            in_reply_to=self.mail.message_id,
            email_headers={"Auto-Submitted": "auto-replied"},
            add_unsubscribe_link=0,
        )


# mailboxes


def receive(account: Any) -> list[Any]:
    """Fetch what is new in a mailbox and give the Communications. Commits mail by mail. Raises `MailboxUnusable`."""
    return list(_from_imap(account) if account.use_imap else _from_pop(account))


def _from_imap(account: Any) -> Any:
    unseen = account.email_sync_option != "ALL"
    most = cint(account.initial_sync_count) or MOST_AT_ONCE
    with ImapBox(account.get_mailbox()) as box:
        for row in account.imap_folder:
            now = box.select(row.folder_name)
            since = FolderState(str(row.uidvalidity or ""), cint(row.uidnext))
            for uid in box.new_uids(unseen=unseen, since=since, now=now, most=most):
                fetched = box.fetch(uid)
                if fetched is not None:
                    yield from _kept(account, fetched, row.append_to)
                if unseen:
                    box.mark_seen(uid)
            row.db_set({"uidvalidity": now.uidvalidity, "uidnext": now.uidnext}, update_modified=False)
            frappe.db.commit()


def _from_pop(account: Any) -> Any:
    with PopBox(account.get_mailbox()) as box:
        for fetched in box.messages(cint(account.initial_sync_count) or MOST_AT_ONCE):
            yield from _kept(account, fetched, account.append_to)
            box.delete(fetched.uid)


def _kept(account: Any, fetched: Fetched, append_to: str | None) -> Any:
    """Keep a mail, or that it could not be kept and why."""
    mail = InboundMail(fetched.content, account, fetched.uid, int(fetched.seen), append_to)
    try:
        communication = mail.process()
    except SentEmailInInboxError:
        frappe.db.rollback()
        return
    except Exception:  # noqa: BLE001 - one mail that can't be kept stops no other, and is kept as it came
        frappe.db.rollback()
        _keep_unhandled(account, fetched, mail.mail.message_id)
        return
    frappe.db.commit()
    yield communication


def _keep_unhandled(account: Any, fetched: Fetched, message_id: str) -> None:
    reason = frappe.get_traceback()
    values = {"email_account": account.name, "uid": fetched.uid, "message_id": message_id, "reason": reason}
    raw = fetched.content.decode("utf-8", "replace").replace("\x00", "")
    frappe.get_doc({"doctype": "Unhandled Email", **values, "raw": raw}).insert(ignore_permissions=True)
    frappe.log_error(_("A mail could not be kept"), reason, "Email Account", account.name)
    frappe.db.commit()


__all__ = ["InboundMail", "MailboxUnusable", "SentEmailInInboxError", "receive"]
