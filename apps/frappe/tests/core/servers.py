"""Real servers on this machine for tests: one that takes mail, one that takes HTTP calls."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


class MailHandler:
    """Keeps what arrives; refuses readers named in `refused` with the code given there."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], EmailMessage]] = []
        self.refused: dict[str, str] = {}

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message: Any = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, message))
        return "250 taken"

    def to(self, address: str) -> EmailMessage:
        """Give the one message that this reader got."""
        (found,) = [message for _sender, readers, message in self.mails if address in readers]
        return found


@contextmanager
def mail_server() -> Iterator[tuple[int, MailHandler]]:
    """Run an SMTP server on a free port: (port, what it got)."""
    handler = MailHandler()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port, handler
    finally:
        controller.stop()


def free_port() -> int:
    """Give a port nobody listens on."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Calls(list[dict[str, Any]]):
    """What an HTTP server was called with; it answers with `status`."""

    status = 200

    def body(self, index: int = -1) -> Any:
        """Give what a call carried, as JSON."""
        return json.loads(self[index]["body"])


@contextmanager
def http_server() -> Iterator[tuple[str, Calls]]:
    """Run an HTTP server on a free port: (address, its calls)."""
    calls = Calls()

    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            calls.append(
                {
                    "method": self.command,
                    "path": self.path,
                    "headers": dict(self.headers),
                    "body": self.rfile.read(length),
                }
            )
            self.send_response(calls.status)
            self.end_headers()
            self.wfile.write(b'{"taken": true}')

        do_POST = do_PUT = do_DELETE = do_GET = _take  # noqa: N815

        def log_message(self, *_words: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", calls
    finally:
        server.shutdown()
        server.server_close()
