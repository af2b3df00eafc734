"""Reading a mail as it came over the wire: who wrote to whom, what it answers, its text and its files.

Invariant: any bytes can be read; what a mail does not say (or says wrongly) is empty, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from html import escape
from typing import Any

_MESSAGE_ID = re.compile(r"<([^<>\s]+)>")
_AUTOMATIC = ("auto-generated", "auto-replied", "auto-notified")
_ENCODINGS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "iso-8859-1": "cp1252",
    "us-ascii": "utf-8",
}


@dataclass(frozen=True)
class ReceivedFile:
    """A file that came with a mail; `content_id` when its text shows it."""

    name: str
    content: bytes
    content_type: str
    content_id: str = ""


@dataclass(frozen=True)
class Received:
    """A mail that came in; addresses are bare, ids without angle brackets, the newest of `references` first."""

    message_id: str
    sender: str
    sender_name: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    sent_at: datetime | None
    in_reply_to: str
    references: tuple[str, ...]
    html: str
    files: tuple[ReceivedFile, ...]
    automatic: bool
    reply_to: str = ""

    @property
    def answered_ids(self) -> tuple[str, ...]:
        """The mails it may answer: the one it names, then the thread's, the newest first."""
        return tuple(dict.fromkeys(one for one in (self.in_reply_to, *self.references) if one))


def read_mail(content: bytes) -> Received:
    """Read a mail."""
    message: Any = message_from_bytes(content, policy=policy.default)
    parts = list(_leaves(message))
    sender_name, sender = parseaddr(_header(message, "From"))
    return Received(
        message_id=_first_id(_header(message, "Message-ID")),
        sender=sender.lower(),
        sender_name=sender_name or sender.partition("@")[0],
        to=_addresses(message, "To", "Delivered-To", "X-Original-To"),
        cc=_addresses(message, "Cc"),
        subject=" ".join(_header(message, "Subject").split()),
        sent_at=_moment(_header(message, "Date")),
        in_reply_to=_first_id(_header(message, "In-Reply-To")),
        references=tuple(reversed(_MESSAGE_ID.findall(_header(message, "References")))),
        html=_text_of(parts),
        files=tuple(_file(part, number) for number, part in enumerate(parts, start=1) if _is_file(part)),
        automatic=_is_automatic(message),
        reply_to=parseaddr(_header(message, "Reply-To"))[1].lower(),
    )


def _header(message: Message, name: str) -> str:
    try:
        return str(message.get(name) or "").replace("\x00", "")
    except (ValueError, IndexError, KeyError, AttributeError, TypeError):  # headers the library can't parse
        return ""


def _first_id(text: str) -> str:
    found = _MESSAGE_ID.search(text)
    return found.group(1) if found else text.strip().strip("<>")


def _addresses(message: Message, *names: str) -> tuple[str, ...]:
    texts = [text for name in names if (text := _header(message, name))]
    return tuple(dict.fromkeys(address.lower() for _name, address in getaddresses(texts) if "@" in address))


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _is_automatic(message: Message) -> bool:
    said = _header(message, "Auto-Submitted").lower()
    return said in _AUTOMATIC or bool(_header(message, "X-Auto-Response-Suppress")) or _is_report(message)


def _is_report(message: Message) -> bool:
    return message.get_content_type() == "multipart/report" or "mailer-daemon@" in _header(message, "From").lower()


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that hold content; a mail that is attached is one file."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        yield from _leaves(part)  # type: ignore[arg-type]


def _is_file(part: EmailMessage) -> bool:
    kind = part.get_content_type()
    if part.get_content_disposition() == "attachment" or part.get_filename():
        return True
    return not kind.startswith("text/") and not kind.startswith("multipart/")


def _text_of(parts: list[EmailMessage]) -> str:
    texts = [part for part in parts if not _is_file(part)]
    pages = [_decoded(part) for part in texts if part.get_content_type() == "text/html"]
    if pages:
        return "".join(pages)
    plain = "\n".join(_decoded(part) for part in texts)
    return "".join(f"<div>{escape(line) or '<br>'}</div>" for line in plain.strip().splitlines())


def _decoded(part: EmailMessage) -> str:
    data = part.get_payload(decode=True)
    content = data if isinstance(data, bytes) else b""
    said = (part.get_content_charset() or "utf-8").lower()
    for encoding in (_ENCODINGS.get(said, said), "utf-8", "gb18030"):
        try:
            return content.decode(encoding).replace("\x00", "")
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("utf-8", "replace").replace("\x00", "")


def _file(part: EmailMessage, number: int) -> ReceivedFile:
    kind = part.get_content_type()
    content = part.get_payload(decode=True)
    if kind == "message/rfc822":
        inner = part.get_payload()
        content = inner[0].as_bytes() if isinstance(inner, list) and inner and isinstance(inner[0], Message) else b""
    name = part.get_filename() or f"{number}.{'eml' if kind == 'message/rfc822' else kind.rpartition('/')[2]}"
    return ReceivedFile(
        name, content if isinstance(content, bytes) else b"", kind, _first_id(_header(part, "Content-ID"))
    )
