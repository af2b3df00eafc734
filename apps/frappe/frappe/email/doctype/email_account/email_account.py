"""Controller of the DocType Email Account: where mail is handed over, and which account a mail leaves by.

Invariant: at most one account is the default for outgoing mail, and one for incoming.
"""

from __future__ import annotations

from email.utils import formataddr
from typing import Any

from frappe_engine.mail.smtp import MailRefused, SmtpConnection, SmtpServer

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, parse_addr, validate_email_address

OutgoingEmailError = frappe.OutgoingEmailError

# the servers of well-known services: outgoing host, port, security
SERVICES: dict[str, tuple[str, int, str]] = {
    "GMail": ("smtp.gmail.com", 587, "starttls"),
    "Outlook.com": ("smtp-mail.outlook.com", 587, "starttls"),
    "QQ Mail": ("smtp.qq.com", 465, "ssl"),
    "163 Mail": ("smtp.163.com", 465, "ssl"),
    "Aliyun Mail": ("smtp.aliyun.com", 465, "ssl"),
    "Tencent Exmail": ("smtp.exmail.qq.com", 465, "ssl"),
    "Yahoo Mail": ("smtp.mail.yahoo.com", 587, "starttls"),
    "Yandex.Mail": ("smtp.yandex.com", 587, "starttls"),
    "Sendgrid": ("smtp.sendgrid.net", 587, "starttls"),
    "SparkPost": ("smtp.sparkpostmail.com", 587, "starttls"),
}


class EmailAccount(Document):
    """A mailbox that mail is sent from (and read from)."""

    def validate(self) -> None:
        """Refuse what can't work; where mail may leave by the account, try to log in."""
        validate_email_address(self.email_id, throw=True)
        self._take_service()
        if self.default_outgoing and not self.enable_outgoing:
            frappe.throw(_("{0} needs {1}").format(_("Default Outgoing"), _("Enable Outgoing")))
        if self.use_tls and self.use_ssl_for_outgoing:
            frappe.throw(_("Choose either TLS or SSL"))
        if self.enable_outgoing and not self.smtp_server:
            frappe.throw(_("{0} is required").format(_("SMTP Server")), frappe.MandatoryError)
        self._check_login()

    def _take_service(self) -> None:
        known = SERVICES.get(self.service or "")
        if known and self.enable_outgoing and not self.smtp_server:
            self.smtp_server, self.smtp_port = known[0], str(known[1])
            self.use_tls, self.use_ssl_for_outgoing = int(known[2] == "starttls"), int(known[2] == "ssl")

    def _check_login(self) -> None:
        flags = frappe.flags
        if not self.enable_outgoing or self.awaiting_password or flags.in_install or flags.in_patch or flags.in_test:
            return
        try:
            with SmtpConnection(self.get_smtp_server()) as connection:
                connection.open()
        except MailRefused as error:
            frappe.throw(_("The mail server can't be used: {0}").format(error), title=_("Invalid Mail Server"))

    def on_update(self) -> None:
        """Let no other account be the default."""
        for name in ("default_outgoing", "default_incoming"):
            if self.get(name):
                others = {name: 1, "name": ["!=", self.name]}
                for other in frappe.get_all("Email Account", others, pluck="name"):
                    frappe.db.set_value("Email Account", other, name, 0)

    @property
    def default_sender(self) -> str:
        """The address mail of this account comes from, with its name."""
        return formataddr((str(self.get("email_account_name") or ""), str(self.email_id)))

    def sender_for(self, wanted: str | None) -> str:
        """Give whom a mail comes from when the caller wants it to come from `wanted`."""
        if not wanted:
            return self.default_sender
        name, address = parse_addr(wanted)
        if self.always_use_account_email_id_as_sender:
            address = self.email_id
        if self.always_use_account_name_as_sender_name:
            name = self.name
        return formataddr((str(name or ""), str(address or self.email_id)))

    def get_smtp_server(self) -> SmtpServer:
        """Give where mail of this account is handed over."""
        security = "ssl" if self.use_ssl_for_outgoing else "starttls" if self.use_tls else "plain"
        login = (
            "" if self.no_smtp_authentication else str(self.login_id if self.login_id_is_different else self.email_id)
        )
        return SmtpServer(
            host=str(self.smtp_server),
            port=cint(self.smtp_port),
            security=security,
            login=login,
            password=(self._password() or "") if login else "",
            check_certificate=bool(self.get("validate_ssl_certificate_for_outgoing")),
        )

    def _password(self) -> str | None:
        return self.flags.get("site_password") or self.get_password(raise_exception=False)

    @classmethod
    def find_outgoing(
        cls, match_by_email: str | None = None, match_by_doctype: str | None = None, _raise_error: bool = False
    ) -> Any:
        """Give the account a mail leaves by: that of its sender, of its DocType, the default, the site's configuration.

        None without any, or with `_raise_error` an `OutgoingEmailError`.
        """
        address = parse_addr(match_by_email)[1] if match_by_email else None
        by_doctype = {"enable_outgoing": 1, "enable_incoming": 1, "append_to": match_by_doctype}
        choices = [{"enable_outgoing": 1, "email_id": address}] if address else []
        choices += [by_doctype] if match_by_doctype else []
        choices.append({"enable_outgoing": 1, "default_outgoing": 1})
        for filters in choices:
            name = frappe.db.get_value("Email Account", filters)
            if name:
                return frappe.get_cached_doc("Email Account", name)
        return cls.find_from_config() or _no_account(_raise_error)

    @classmethod
    def find_default_outgoing(cls) -> Any:
        """Give the default account for outgoing mail, None without one."""
        return cls.find_outgoing()

    @classmethod
    def find_from_config(cls) -> Any:
        """Give an account made of the site's configuration (`mail_server`, `mail_login` …), None without one."""
        conf = frappe.conf
        if not conf.get("mail_server"):
            return None
        account = frappe.new_doc("Email Account")
        address = conf.get("auto_email_id") or conf.get("mail_login")
        account.update(
            {
                "email_account_name": conf.get("email_sender_name") or "",
                "email_id": address,
                "enable_outgoing": 1,
                "smtp_server": conf.get("mail_server"),
                "smtp_port": str(conf.get("mail_port") or ""),
                "use_tls": cint(conf.get("use_tls")),
                "use_ssl_for_outgoing": cint(conf.get("use_ssl")),
                "login_id": conf.get("mail_login"),
                "login_id_is_different": 1,
                "no_smtp_authentication": int(not conf.get("mail_login")),
            }
        )
        account.flags.site_password = conf.get("mail_password")
        return account


def _no_account(raise_error: bool) -> None:
    if raise_error:
        words = _("Please set up a default Email Account for outgoing mail")
        frappe.throw(words, OutgoingEmailError, title=_("Missing Email Account"))


def notify_unreplied() -> None:
    """Incoming mail is not read here, so nothing can wait for a reply."""


@frappe.whitelist()
def set_email_password(email_account: str, password: str) -> bool:
    """Set the password of an account; tell whether the account could be saved with it."""
    account = frappe.get_doc("Email Account", email_account)
    account.check_permission("write")
    account.awaiting_password = 0
    account.password = password
    account.save()
    return True
