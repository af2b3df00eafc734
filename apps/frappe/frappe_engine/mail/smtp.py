"""Handing messages to an SMTP server.

Invariant: a connection is used by one thread, for any number of messages; an error says whether trying again may help.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from types import TracebackType

TIMEOUT_S = 30.0
PORTS = {"ssl": 465, "starttls": 587, "plain": 25}


class MailRefused(Exception):
    """A message was not taken; `permanent` when trying again will not help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


@dataclass(frozen=True)
class SmtpServer:
    """Where mail is handed over: `security` is plain, starttls or ssl; without a login none is given."""

    host: str
    port: int = 0
    security: str = "plain"
    login: str = ""
    password: str = ""
    check_certificate: bool = True
    timeout_s: float = TIMEOUT_S


class SmtpConnection:
    """A connection for several messages, opened with the first: `with SmtpConnection(server) as connection`."""

    def __init__(self, server: SmtpServer) -> None:
        self.server = server
        self._session: smtplib.SMTP | None = None

    def __enter__(self) -> SmtpConnection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; what the server says to that no longer matters."""
        if self._session is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._session.quit()
            self._session = None

    def open(self) -> smtplib.SMTP:
        """Give the open session. Raises `MailRefused` when the server is not there or refuses the login."""
        if self._session is None:
            try:
                self._session = _opened(self.server)
            except smtplib.SMTPAuthenticationError as error:
                raise MailRefused(f"login refused: {_words(error)}", permanent=False) from error
            except (smtplib.SMTPException, OSError) as error:
                raise MailRefused(f"{self.server.host}: {_words(error)}", permanent=False) from error
        return self._session

    def send(self, message: EmailMessage, sender: str, recipient: str) -> None:
        """Hand a message over for one reader. Raises `MailRefused`."""
        session = self.open()
        try:
            session.send_message(message, from_addr=sender, to_addrs=[recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()))
            raise MailRefused(f"{code} {_text(reason)}", permanent=500 <= code < 600) from error
        except smtplib.SMTPResponseException as error:
            raise MailRefused(_words(error), permanent=500 <= error.smtp_code < 600) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise MailRefused(_words(error), permanent=False) from error


def _opened(server: SmtpServer) -> smtplib.SMTP:
    port = server.port or PORTS[server.security]
    session: smtplib.SMTP
    if server.security == "ssl":
        session = smtplib.SMTP_SSL(server.host, port, timeout=server.timeout_s, context=_certificates(server))
    else:
        session = smtplib.SMTP(server.host, port, timeout=server.timeout_s)
        if server.security == "starttls":
            session.starttls(context=_certificates(server))
    if server.login:
        session.login(server.login, server.password)
    return session


def _certificates(server: SmtpServer) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not server.check_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(value: bytes | str) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
