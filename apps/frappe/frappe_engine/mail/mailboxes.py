"""Reading mailboxes over IMAP and POP3.

Invariant: a message is marked as read (IMAP) or deleted (POP3) only when the caller says that it was kept.
"""

from __future__ import annotations

import base64
import imaplib
import poplib
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any

TIMEOUT_S = 30.0
PORTS = {("imap", "ssl"): 993, ("imap", "plain"): 143, ("pop", "ssl"): 995, ("pop", "plain"): 110}
_SEEN = re.compile(rb"\\Seen", re.IGNORECASE)
poplib._MAXLINE = 1_000_000  # type: ignore[attr-defined]  # lines of mails are longer than the protocol allows


class MailboxUnusable(Exception):
    """The server is not there, refuses the login, or does not have the folder."""


@dataclass(frozen=True)
class Mailbox:
    """Where mail is fetched: `protocol` is imap or pop, `security` plain, starttls or ssl."""

    protocol: str
    host: str
    login: str
    password: str
    port: int = 0
    security: str = "ssl"
    check_certificate: bool = True
    timeout_s: float = TIMEOUT_S

    @property
    def real_port(self) -> int:
        """The port, by default that of the protocol."""
        return self.port or PORTS[self.protocol, "ssl" if self.security == "ssl" else "plain"]

    def certificates(self) -> ssl.SSLContext:
        """How the server's certificate is checked."""
        context = ssl.create_default_context()
        if not self.check_certificate:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


@dataclass(frozen=True)
class Fetched:
    """A message as it lies in the box; `uid` is the server's number (IMAP) or name (POP3) of it."""

    uid: str
    content: bytes
    seen: bool = False


@dataclass(frozen=True)
class FolderState:
    """How far a folder has been read: numbers count only while `uidvalidity` stays the same."""

    uidvalidity: str = ""
    uidnext: int = 0


class ImapBox:
    """An IMAP mailbox: `with ImapBox(mailbox) as box`."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self._session: Any = None

    def __enter__(self) -> ImapBox:
        with _told(self.mailbox.host):
            self._session = self._opened()
            self._session.login(self.mailbox.login, self.mailbox.password)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(imaplib.IMAP4.error, OSError):
            self._session.logout()

    def _opened(self) -> imaplib.IMAP4:
        box = self.mailbox
        if box.security == "ssl":
            return imaplib.IMAP4_SSL(box.host, box.real_port, ssl_context=box.certificates(), timeout=box.timeout_s)
        session = imaplib.IMAP4(box.host, box.real_port, timeout=box.timeout_s)
        if box.security == "starttls":
            session.starttls(ssl_context=box.certificates())
        return session

    def select(self, folder: str) -> FolderState:
        """Open a folder and give its state. Raises `MailboxUnusable`."""
        with _told(folder):
            answer, data = self._session.select(_quoted(folder))
            if answer != "OK":
                raise MailboxUnusable(f"{folder}: {_text(data)}")
            _kind, validity = self._session.response("UIDVALIDITY")
            _kind, following = self._session.response("UIDNEXT")
        return FolderState(_digits(validity), int(_digits(following) or 0))

    def new_uids(self, *, unseen: bool, since: FolderState, now: FolderState, most: int) -> list[str]:
        """Give the numbers of messages not read yet: unseen ones, or (not `unseen`) those after `since`; at first `most`."""
        with _told(self.mailbox.host):
            if unseen:
                return self._search("UNSEEN")
            if since.uidnext and since.uidvalidity == now.uidvalidity:
                found = self._search("UID", f"{since.uidnext}:*")
                return [uid for uid in found if int(uid) >= since.uidnext]  # "5:*" gives the last one even when it is 4
            return self._search("ALL")[-most:]

    def _search(self, *words: str) -> list[str]:
        answer, data = self._session.uid("SEARCH", *words)
        if answer != "OK":
            raise MailboxUnusable(_text(data))
        return [uid.decode() for uid in (data[0] or b"").split()]

    def fetch(self, uid: str) -> Fetched | None:
        """Give a message without marking it; None when it is gone."""
        with _told(self.mailbox.host):
            answer, data = self._session.uid("FETCH", uid, "(UID FLAGS BODY.PEEK[])")
        parts = [part for part in data or () if isinstance(part, tuple)]
        if answer != "OK" or not parts:
            return None
        flags = b" ".join(part[0] if isinstance(part, tuple) else part for part in data if part)
        return Fetched(uid, parts[0][1], bool(_SEEN.search(flags)))

    def mark_seen(self, uid: str) -> None:
        """Mark a message as read."""
        with _told(self.mailbox.host):
            self._session.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")


class PopBox:
    """A POP3 mailbox: `with PopBox(mailbox) as box`."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self._session: Any = None

    def __enter__(self) -> PopBox:
        with _told(self.mailbox.host):
            self._session = self._opened()
            self._session.user(self.mailbox.login)
            self._session.pass_(self.mailbox.password)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(poplib.error_proto, OSError):
            self._session.quit()  # what was deleted is gone only now

    def _opened(self) -> poplib.POP3:
        box = self.mailbox
        if box.security == "ssl":
            return poplib.POP3_SSL(box.host, box.real_port, timeout=box.timeout_s, context=box.certificates())
        session = poplib.POP3(box.host, box.real_port, timeout=box.timeout_s)
        if box.security == "starttls":
            session.stls(context=box.certificates())
        return session

    def messages(self, most: int) -> Iterator[Fetched]:
        """Give the messages in the box, the oldest first, at most so many."""
        with _told(self.mailbox.host):
            count = len(self._session.list()[1])
        for number in range(1, min(count, most) + 1):
            with _told(self.mailbox.host):
                lines = self._session.retr(number)[1]
            yield Fetched(str(number), b"\r\n".join(lines))

    def delete(self, uid: str) -> None:
        """Delete a message when the box is closed."""
        with _told(self.mailbox.host):
            self._session.dele(int(uid))


class _told:  # noqa: N801 - used as a with-block
    """Turn what the libraries raise into `MailboxUnusable`."""

    def __init__(self, where: str) -> None:
        self.where = where

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, (imaplib.IMAP4.error, poplib.error_proto, OSError)):
            words = error.args[0] if error.args else type(error).__name__
            raise MailboxUnusable(f"{self.where}: {_text([words])}") from error


def _text(data: Any) -> str:
    return " ".join(part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part) for part in data or ())


def _digits(data: Any) -> str:
    found = re.search(r"\d+", _text(data))
    return found.group() if found else ""


def _quoted(folder: str) -> str:
    """A folder's name as IMAP writes it: modified UTF-7, in quotes."""
    return '"' + _utf7(folder).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _utf7(name: str) -> str:
    pieces = re.split(r"([^\x20-\x7e]+)", name.replace("&", "&-"))
    return "".join(piece if piece.isascii() else _utf7_run(piece) for piece in pieces)


def _utf7_run(text: str) -> str:
    return "&" + base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"
