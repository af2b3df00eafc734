"""Messages: a text of HTML with its plain form, headers and attachments, as RFC 5322 and MIME want them.

A draft is what is kept in a queue: readable text, with `RECIPIENT` and other marks in it that are filled in for each
reader just before sending.

Invariant: no value can add a header or end one; what is sent has lines that every server takes.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses, make_msgid
from typing import Final

from frappe_engine.kit.html import html_to_text

RECIPIENT: Final = "<!--recipient-->"
UNSUBSCRIBE: Final = "<!--unsubscribe_url-->"
COPIES: Final = "<!--cc_message-->"
_HEADER_MARK: Final = "recipient@mark.invalid"  # stands in the header `To` of a draft
_STORED = policy.SMTP.clone(cte_type="8bit", max_line_length=0)
_SENT = policy.SMTP


@dataclass(frozen=True)
class Attachment:
    """A file that goes along; `content_id` names one that is shown inside the text."""

    name: str
    content: bytes
    content_id: str | None = None


@dataclass(frozen=True)
class Mail:
    """What is to be written: addresses as in headers ("Name <a@b.c>"), the text as HTML."""

    sender: str
    subject: str
    html: str
    sent_at: datetime
    to: tuple[str, ...] = ()  # shown in the header; empty: each reader sees the own address alone
    cc: tuple[str, ...] = ()
    reply_to: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None


def one_line(value: str) -> str:
    """Give a text that can stand in a header."""
    return " ".join(str(value or "").split())


def new_message_id(domain: str) -> str:
    """Give an id no other message has."""
    return make_msgid(domain=domain or "localhost")


def header_addresses(texts: Iterable[str]) -> tuple[Address, ...]:
    """Give addresses ("Name <a@b.c>" or bare ones) as header values; what is no address is left out."""
    found = []
    for name, spec in getaddresses([one_line(text) for text in texts]):
        user, at, domain = spec.rpartition("@")
        if at and user and domain:
            found.append(Address(display_name=name, username=user, domain=domain))
    return tuple(found)


def draft(mail: Mail) -> str:
    """Write a mail as the text that is kept until it is sent: MIME, with the marks in it."""
    message = EmailMessage(policy=_STORED)
    message["Subject"] = one_line(mail.subject)
    message["From"] = header_addresses([mail.sender])
    message["To"] = header_addresses(mail.to or (_HEADER_MARK,))
    if mail.cc:
        message["Cc"] = header_addresses(mail.cc)
    if mail.reply_to:
        message["Reply-To"] = header_addresses([mail.reply_to])
    message["Date"] = format_datetime(mail.sent_at)
    message["Message-Id"] = mail.message_id
    if mail.in_reply_to:
        message["In-Reply-To"] = one_line(mail.in_reply_to)
    for name, value in mail.headers.items():
        if name.replace("-", "").isalnum() and name.isascii():
            message[name] = one_line(value)
    message.set_content(mail.text if mail.text is not None else html_to_text(mail.html), cte="8bit")
    message.add_alternative(mail.html, subtype="html", cte="8bit")
    return message.as_bytes(policy=_STORED).decode("utf-8").replace("\r\n", "\n")


def finished(
    text: str, recipient: str, marks: Mapping[str, str], attachments: Iterable[Attachment] = ()
) -> EmailMessage:
    """Make the message for one reader out of a draft: marks filled in, files added, lines of a length that travels."""
    filled = text.replace(_HEADER_MARK, recipient)
    for mark, value in {RECIPIENT: recipient, **marks}.items():
        filled = filled.replace(mark, value)
    source = message_from_bytes(filled.encode("utf-8"), policy=_STORED)
    message = EmailMessage(policy=_SENT)
    for name, value in source.items():
        if name.lower() not in ("content-type", "content-transfer-encoding", "mime-version"):
            message[name] = value
    plain, html = source.get_body(("plain",)), source.get_body(("html",))
    message.set_content(plain.get_content() if plain else "", cte="base64")
    if html is not None:
        message.add_alternative(html.get_content(), subtype="html", cte="base64")
    for attachment in attachments:
        _attach(message, attachment)
    return message


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    kind = mimetypes.guess_type(attachment.name)[0] or "application/octet-stream"
    main, _slash, sub = kind.partition("/")
    if main in ("text", "message", "multipart"):  # sent as bytes: their encoding is not ours to guess
        main, sub = "application", "octet-stream"
    message.add_attachment(
        attachment.content,
        maintype=main,
        subtype=sub,
        filename=one_line(attachment.name),
        disposition="inline" if attachment.content_id else "attachment",
        cid=f"<{attachment.content_id}>" if attachment.content_id else None,
    )
