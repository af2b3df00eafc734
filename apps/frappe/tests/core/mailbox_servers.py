"""Mailboxes on this machine for tests: an IMAP and a POP3 server that hold messages in memory and speak what clients need."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

LOGIN, PASSWORD = "box@example.com", "box password"


@dataclass
class Box:
    """What a server holds: messages by their number, and which of them are marked as read."""

    port: int = 0
    messages: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    validity: int = 7
    sessions: int = 0

    def put(self, message: EmailMessage | bytes) -> int:
        """Let a message arrive; gives its number."""
        uid = max(self.messages, default=0) + 1
        self.messages[uid] = message if isinstance(message, bytes) else message.as_bytes()
        return uid


def mail(subject: str, text: str = "text", sender: str = "Ann Li <ann@example.com>", **headers: str) -> EmailMessage:
    """Make a message; `message_id="<x@y>"` and the like become headers."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, headers.pop("to", LOGIN), subject
    message["Date"] = "Mon, 02 Mar 2026 08:00:00 +0000"
    for name, value in headers.items():
        message[name.replace("_", "-").title()] = value
    if "message_id" not in headers:
        message["Message-ID"] = f"<{abs(hash((subject, text)))}@example.com>"
    message.set_content(text)
    return message


@contextmanager
def _served(handler: Any) -> Iterator[Box]:
    box = Box()
    bound = type("Handler", (handler,), {"box": box})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), bound)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    box.port = server.server_address[1]
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()


def imap_server() -> Any:
    """Run an IMAP server on a free port: its `Box`."""
    return _served(_Imap)


def pop_server() -> Any:
    """Run a POP3 server on a free port: its `Box`."""
    return _served(_Pop)


class _Imap(socketserver.StreamRequestHandler):
    box: Box

    def handle(self) -> None:
        self.box.sessions += 1
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _space, command = line.decode().strip().partition(" ")
            answer = self.answer(command)
            self.say(f"{tag} {answer}")
            if command.upper().startswith("LOGOUT"):
                return

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def answer(self, command: str) -> str:
        words = command.split()
        verb = " ".join(words[:2]).upper() if words[0].upper() == "UID" else words[0].upper()
        if verb == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
        elif verb == "LOGIN" and command.split(" ", 1)[1] != f'{LOGIN} "{PASSWORD}"':
            return "NO [AUTHENTICATIONFAILED] wrong"
        elif verb == "SELECT":
            return self.select(command)
        elif verb == "UID SEARCH":
            self.say(f"* SEARCH {' '.join(str(uid) for uid in self.search(words[2:]))}")
        elif verb == "UID FETCH":
            self.fetch(int(words[2]))
        elif verb == "UID STORE":
            self.box.seen.add(int(words[2]))
        return "OK done"

    def select(self, command: str) -> str:
        if '"INBOX"' not in command:
            return "NO no such folder"
        self.say(f"* {len(self.box.messages)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.box.validity}] valid")
        self.say(f"* OK [UIDNEXT {max(self.box.messages, default=0) + 1}] next")
        return "OK [READ-WRITE] selected"

    def search(self, words: list[str]) -> list[int]:
        uids = sorted(self.box.messages)
        if words[0].upper() == "UNSEEN":
            return [uid for uid in uids if uid not in self.box.seen]
        if words[0].upper() == "UID":
            first = int(words[1].split(":")[0])
            return [uid for uid in uids if uid >= first] or uids[-1:]
        return uids

    def fetch(self, uid: int) -> None:
        content = self.box.messages[uid]
        flags = r"\Seen" if uid in self.box.seen else ""
        self.wfile.write(f"* {uid} FETCH (UID {uid} FLAGS ({flags}) BODY[] {{{len(content)}}}\r\n".encode())
        self.wfile.write(content + b")\r\n")


class _Pop(socketserver.StreamRequestHandler):
    box: Box

    def handle(self) -> None:
        self.box.sessions += 1
        self.gone: set[int] = set()
        self.order = sorted(self.box.messages)
        self.say("+OK ready")
        while line := self.rfile.readline():
            verb, _space, words = line.decode().strip().partition(" ")
            self.answer(verb.upper(), words)
            if verb.upper() == "QUIT":
                for uid in self.gone:
                    del self.box.messages[uid]
                return

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def answer(self, verb: str, words: str) -> None:
        if verb == "PASS" and words != PASSWORD:
            self.say("-ERR wrong")
        elif verb == "LIST":
            lines = [f"{number} {len(self.box.messages[uid])}" for number, uid in enumerate(self.order, start=1)]
            self.say("\r\n".join(["+OK", *lines, "."]))
        elif verb == "RETR":
            content = self.box.messages[self.order[int(words) - 1]].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            self.wfile.write(b"+OK\r\n" + re.sub(rb"(?m)^\.", b"..", content) + b"\r\n.\r\n")
        else:
            if verb == "DELE":
                self.gone.add(self.order[int(words) - 1])
            self.say("+OK")
