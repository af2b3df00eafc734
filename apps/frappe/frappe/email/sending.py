"""`frappe.sendmail`: from what a caller says to mails in the queue.

Invariant: a mail is kept in the queue in the caller's transaction; it is not sent when that is undone, and not lost when
the server is away.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from frappe_engine.kit.urls import expand_relative_urls
from frappe_engine.mail.messages import Mail, draft, new_message_id

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.utils import cint, get_url, now_datetime, split_emails, validate_email_address

UNSUBSCRIBE_METHOD = "/api/method/frappe.email.queue.unsubscribe"
HEADER_COLOURS = {"green": "#28a745", "red": "#d9534f", "orange": "#e8890c", "blue": "#2490ef", "yellow": "#d1a300"}


def sendmail(
    recipients: Any = None,
    sender: str = "",
    subject: str = "No Subject",
    message: str = "No Message",
    as_markdown: bool = False,
    delayed: bool = True,
    reference_doctype: str | None = None,
    reference_name: str | None = None,
    unsubscribe_method: str | None = None,
    unsubscribe_params: dict[str, Any] | None = None,
    unsubscribe_message: str | None = None,
    add_unsubscribe_link: int = 1,
    attachments: Any = None,
    content: str | None = None,
    doctype: str | None = None,
    name: str | None = None,
    reply_to: str | None = None,
    queue_separately: bool = False,
    cc: Any = None,
    bcc: Any = None,
    message_id: str | None = None,
    in_reply_to: str | None = None,
    send_after: Any = None,
    expose_recipients: str | None = None,
    send_priority: int = 1,
    communication: str | None = None,
    retry: int = 1,
    now: bool | None = None,
    read_receipt: Any = None,
    is_notification: bool = False,
    inline_images: Any = None,
    template: str | None = None,
    args: dict[str, Any] | None = None,
    header: Any = None,
    print_letterhead: bool = False,
    with_container: bool = False,
    email_read_tracker_url: str | None = None,
    x_priority: int = 3,
    email_headers: dict[str, str] | None = None,
) -> Any:
    """Queue a mail; with `now` or `delayed=False` also hand it over at once.

    The text is `message` (or `content`) as HTML, as Markdown with `as_markdown`, or the app template
    `templates/emails/<template>.html` rendered with `args`. `recipients`, `cc`, `bcc` are lists or texts of addresses.
    `expose_recipients` is "header" (all are named to all) or "footer". `attachments` are dicts: `fid` (a File),
    `file_url`, or `fname` and `fcontent`. Gives the Email Queue document (a list with `queue_separately`; an empty one when
    nobody is left, or an address is none, which the Error Log keeps). Raises `OutgoingEmailError` without an account.
    """
    html = _html(message if content is None else content, as_markdown, template, args)
    outgoing = Outgoing(
        html=html,
        subject=subject,
        sender=_writer(sender),
        recipients=_readers(recipients),
        cc=_readers(cc),
        bcc=_readers(bcc),
        header=header,
        reference=(reference_doctype or doctype, reference_name or name),
        unsubscribe=(cint(add_unsubscribe_link), unsubscribe_message, unsubscribe_method, unsubscribe_params),
        attachments=attachments or [],
        inline_images=inline_images or [],
        reply_to=reply_to,
        message_id=message_id,
        in_reply_to=in_reply_to or "",
        send_after=send_after,
        expose_recipients=expose_recipients,
        priority=cint(send_priority),
        communication=communication,
        tracker=email_read_tracker_url,
        headers=_headers(x_priority, read_receipt, email_headers, sender),
    )
    return outgoing.queue(separately=queue_separately, now=bool(now) or not delayed)


def addresses(value: Any) -> list[str]:
    """Give addresses in a list or a text, each once, in their order."""
    texts = split_emails(value) if isinstance(value, str) else [str(one) for one in value or [] if one]
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _readers(value: Any) -> list[str]:
    """Give the addresses of readers; the users Administrator and Guest are written to where their record says."""
    found = [_address_of(one) if one in frappe.STANDARD_USERS else one for one in addresses(value)]
    return [one for one in found if one]


def _writer(sender: str | None) -> str:
    """Give who writes; the users Administrator and Guest do in the account's name."""
    return "" if sender in frappe.STANDARD_USERS else sender or ""


def _address_of(user: str) -> str:
    email = str(frappe.db.get_value("User", user, "email") or "")
    return email if validate_email_address(email) else ""


def _html(text: str, as_markdown: bool, template: str | None, values: dict[str, Any] | None) -> str:
    if template:
        return str(frappe.get_template(f"templates/emails/{template}.html").render(values or {}))
    if as_markdown:
        return str(frappe.utils.md_to_html(text) or "")
    return text or ""


def _headers(priority: int, read_receipt: Any, given: dict[str, str] | None, sender: str) -> dict[str, str]:
    headers = {"X-Frappe-Site": get_url(), "X-Priority": str(cint(priority) or 3), "Auto-Submitted": "auto-generated"}
    if read_receipt:
        headers["Disposition-Notification-To"] = sender
    return headers | {str(name): str(value) for name, value in (given or {}).items()}


class Outgoing:
    """A mail on its way into the queue."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def queue(self, *, separately: bool, now: bool) -> Any:
        """Put it into the queue, one for all readers or one for each; with `now` hand it over."""
        self._leave_out_unsubscribed()
        if not (self.recipients or self.cc or self.bcc) or not self._is_addressed_well():
            return []
        groups = [[one] for one in self.recipients] if separately and self.recipients else [self.recipients]
        queued = [self._insert(group, first=index == 0) for index, group in enumerate(groups)]
        for document in queued if now else ():
            document.send(now=True)
        return queued if separately else queued[0]

    def _is_addressed_well(self) -> bool:
        """Tell whether all addresses are some; a mail of the system is not worth failing for what it tells of."""
        given = [self.sender, *addresses(self.reply_to), *self.recipients, *self.cc, *self.bcc]
        wrong = [address for address in given if address and not validate_email_address(address)]
        if wrong:
            words = f"{', '.join(wrong)}\n\nSubject: {self.subject}\nSender: {self.sender}\nRecipients: {given[1:]}"
            doctype, name = self.reference
            frappe.log_error("Invalid email address", words, reference_doctype=doctype, reference_name=name)
        return not wrong

    def _leave_out_unsubscribed(self) -> None:
        gone = unsubscribed(*self.reference)
        for name in ("recipients", "cc", "bcc"):
            setattr(self, name, [one for one in getattr(self, name) if _bare(one) not in gone])

    def _insert(self, recipients: list[str], *, first: bool) -> Any:
        account = EmailAccount.find_outgoing(
            match_by_email=self.sender, match_by_doctype=self.reference[0], _raise_error=True
        )
        cc, bcc = (self.cc, self.bcc) if first else ([], [])
        mail = self._mail(account, recipients, cc)
        doctype, name = self.reference
        document = frappe.get_doc(
            {
                "doctype": "Email Queue",
                "sender": mail.sender,
                "message": draft(mail),
                "message_id": mail.message_id.strip("<>"),
                "status": "Not Sent",
                "recipients": [{"recipient": one, "status": "Not Sent"} for one in _each_once(recipients, cc, bcc)],
                "show_as_cc": ",".join(cc),
                "reference_doctype": doctype,
                "reference_name": None if name is None else str(name),
                "communication": self.communication,
                "send_after": self.send_after,
                "priority": self.priority,
                "add_unsubscribe_link": self.unsubscribe[0],
                "unsubscribe_method": self.unsubscribe[2] or UNSUBSCRIBE_METHOD,
                "unsubscribe_params": json.dumps(self.unsubscribe[3] or {}),
                "expose_recipients": self.expose_recipients,
                "attachments": json.dumps(stored_attachments(self.attachments, self.inline_images)),
                "email_account": account.name,
            }
        )
        return document.insert(ignore_permissions=True, ignore_links=True)

    def _has_unsubscribe_link(self, account: Any) -> bool:
        wanted = self.unsubscribe[0] and (account.send_unsubscribe_message or self.unsubscribe[1])
        return bool(wanted and self.reference[0] and (self.reference[1] or self.unsubscribe[2]))

    def _mail(self, account: Any, recipients: list[str], cc: list[str]) -> Mail:
        sender = account.sender_for(self.sender)
        named = self.expose_recipients == "header" or bool(cc)
        domain = _bare(sender).rpartition("@")[2]
        return Mail(
            sender=sender,
            subject=self.subject,
            html=self._page(account),
            sent_at=now_datetime().astimezone(),
            to=tuple(recipients) if named else (),
            cc=tuple(cc),
            reply_to=", ".join(addresses(self.reply_to)) or _address(self.sender or sender),
            message_id=f"<{self.message_id.strip('<>')}>" if self.message_id else new_message_id(domain),
            in_reply_to=f"<{self.in_reply_to.strip('<>')}>" if self.in_reply_to else "",
            headers={"X-Original-From": self.sender or sender, **self.headers},
        )

    def _page(self, account: Any) -> str:
        title, colour = _title(self.header)
        words = self.unsubscribe[1] or _("Unsubscribe")
        return str(
            frappe.get_template("templates/emails/standard.html").render(
                content=expand_relative_urls(self.html, get_url()),
                header=title,
                header_colour=colour,
                signature=account.signature if account.add_signature else "",
                footer="".join(_footers(account)),
                unsubscribe=words if self._has_unsubscribe_link(account) else "",
                tracker=self.tracker,
            )
        )


def _footers(account: Any) -> list[str]:
    """What stands below every mail: of the account, and the site's address."""
    address = frappe.db.get_single_value("System Settings", "email_footer_address")
    shown = f"<p>{frappe.utils.escape_html(address)}</p>" if address else ""
    return [text for text in (account.footer, shown) if text]


def _title(header: Any) -> tuple[str, str]:
    words, colour = (header[0], header[1] if len(header) > 1 else "blue") if isinstance(header, list) else (header, "")
    return str(words or ""), HEADER_COLOURS.get(str(colour), HEADER_COLOURS["blue"])


def _each_once(*groups: list[str]) -> list[str]:
    return list({_bare(one): one for group in groups for one in group}.values())


def _address(text: str) -> str:
    return str(frappe.utils.parse_addr(text)[1] or text).strip()


def _bare(text: str) -> str:
    return _address(text).lower()


def unsubscribed(doctype: str | None, name: Any) -> set[str]:
    """Give the addresses that want no (more) mail: none at all, or none about this document."""
    either: list[Any] = [["global_unsubscribe", "=", 1]]
    rows = frappe.get_all("Email Unsubscribe", filters=either, pluck="email")
    if doctype and name:
        about = {"reference_doctype": doctype, "reference_name": str(name)}
        rows += frappe.get_all("Email Unsubscribe", filters=about, pluck="email")
    return {str(email).lower() for email in rows}


def stored_attachments(attachments: Any, inline_images: Any = ()) -> list[dict[str, Any]]:
    """Give attachments as the queue keeps them: references to files, and contents in base64."""
    given = json.loads(attachments) if isinstance(attachments, str) else list(attachments)
    kept = [_stored_attachment(one) for one in given]
    for image in inline_images:
        if image.get("filecontent"):
            kept.append(
                _with_content(image.get("filename"), image["filecontent"]) | {"content_id": image.get("content_id")}
            )
    return kept


def _stored_attachment(given: Any) -> dict[str, Any]:
    if isinstance(given, str):
        return {"fid": given}
    if given.get("fcontent") is not None:
        return _with_content(given.get("fname"), given["fcontent"])
    return {name: value for name, value in dict(given).items() if isinstance(value, (str, int, float, bool))}


def _with_content(name: Any, content: Any) -> dict[str, Any]:
    data = content.encode() if isinstance(content, str) else bytes(content)
    return {"fname": str(name or "file"), "content_base64": base64.b64encode(data).decode()}
