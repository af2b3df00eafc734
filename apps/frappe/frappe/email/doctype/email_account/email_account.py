"""Controller of the DocType Email Account: where mail is handed over and fetched, and which account a mail leaves by.

Invariant: at most one account is the default for outgoing mail, and one for incoming.
"""

from __future__ import annotations

from email.utils import formataddr
from typing import Any

from frappe_engine.mail.mailboxes import ImapBox, Mailbox, MailboxUnusable, PopBox
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
# incoming host by protocol: IMAP, POP3
INCOMING: dict[str, tuple[str, str]] = {
    "GMail": ("imap.gmail.com", "pop.gmail.com"),
    "Outlook.com": ("imap-mail.outlook.com", "pop-mail.outlook.com"),
    "QQ Mail": ("imap.qq.com", "pop.qq.com"),
    "163 Mail": ("imap.163.com", "pop.163.com"),
    "Aliyun Mail": ("imap.aliyun.com", "pop3.aliyun.com"),
    "Tencent Exmail": ("imap.exmail.qq.com", "pop.exmail.qq.com"),
    "Yahoo Mail": ("imap.mail.yahoo.com", "pop.mail.yahoo.com"),
    "Yandex.Mail": ("imap.yandex.com", "pop.yandex.com"),
}
FAILURES_TO_TELL = (1, 10, 100)


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
        self._check_incoming()
        self._check_login()

    def _check_incoming(self) -> None:
        if self.default_incoming and not self.enable_incoming:
            frappe.throw(_("{0} needs {1}").format(_("Default Incoming"), _("Enable Incoming")))
        if not self.enable_incoming:
            return
        if self.use_ssl and self.use_starttls:
            frappe.throw(_("Choose either TLS or SSL"))
        if not self.email_server:
            frappe.throw(_("{0} is required").format(_("Incoming Server")), frappe.MandatoryError)
        if self.use_imap and not self.imap_folder:
            self.append("imap_folder", {"folder_name": "INBOX", "append_to": self.append_to})
        for doctype in {self.append_to, *(row.append_to for row in self.imap_folder)} - {None, ""}:
            if not frappe.get_meta(doctype).email_append_to:
                frappe.throw(_("Mail can't be appended to {0}: its DocType does not say so").format(_(doctype)))

    def _take_service(self) -> None:
        known = SERVICES.get(self.service or "")
        if known and self.enable_outgoing and not self.smtp_server:
            self.smtp_server, self.smtp_port = known[0], str(known[1])
            self.use_tls, self.use_ssl_for_outgoing = int(known[2] == "starttls"), int(known[2] == "ssl")
        incoming = INCOMING.get(self.service or "")
        if incoming and self.enable_incoming and not self.email_server:
            self.email_server, self.use_ssl = incoming[0 if self.use_imap else 1], 1

    def _check_login(self) -> None:
        flags = frappe.flags
        if self.awaiting_password or flags.in_install or flags.in_patch or flags.in_test:
            return
        try:
            if self.enable_outgoing:
                with SmtpConnection(self.get_smtp_server()) as connection:
                    connection.open()
            if self.enable_incoming:
                self._open_mailbox()
        except (MailRefused, MailboxUnusable) as error:
            frappe.throw(_("The mail server can't be used: {0}").format(error), title=_("Invalid Mail Server"))

    def _open_mailbox(self) -> None:
        if not self.use_imap:
            with PopBox(self.get_mailbox()):
                return
        with ImapBox(self.get_mailbox()) as box:
            for row in self.imap_folder:
                box.select(row.folder_name)

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

    def get_mailbox(self) -> Mailbox:
        """Give where mail of this account is fetched."""
        return Mailbox(
            protocol="imap" if self.use_imap else "pop",
            host=str(self.email_server),
            login=str(self.login_id if self.login_id_is_different else self.email_id),
            password=self._password() or "",
            port=cint(self.incoming_port),
            security="ssl" if self.use_ssl else "starttls" if self.use_starttls else "plain",
            check_certificate=bool(self.get("validate_ssl_certificate")),
        )

    def receive(self) -> list[Any]:
        """Fetch what is new and give the Communications. Commits mail by mail.

        A mailbox that can't be used is noted here and logged, the first time and every tenfold.
        """
        from frappe.email.receive import receive  # it answers by this account's mail

        try:
            found = receive(self)
        except MailboxUnusable as error:
            frappe.db.rollback()
            failures = cint(self.no_failed) + 1
            self.db_set("no_failed", failures, update_modified=False)
            if failures in FAILURES_TO_TELL:
                frappe.log_error(_("The mailbox can't be used"), str(error), "Email Account", self.name)
            frappe.db.commit()
            return []
        self.db_set({"no_failed": 0, "last_received_at": frappe.utils.now_datetime()}, update_modified=False)
        frappe.db.commit()
        return found

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


def pull(now: bool = False) -> None:
    """Have every mailbox fetched by a worker (at once with `now`); run every few minutes."""
    for name in frappe.get_all("Email Account", {"enable_incoming": 1, "awaiting_password": 0}, pluck="name"):
        frappe.enqueue(
            pull_from_email_account,
            now=now,
            queue="short",
            job_id=f"pull_mail||{name}",
            deduplicate=True,
            email_account=name,
        )


def pull_from_email_account(email_account: str) -> None:
    """Fetch what is new in a mailbox; what a worker does."""
    frappe.get_doc("Email Account", email_account).receive()


@frappe.whitelist(methods=["POST", "PUT"])
def pull_emails(email_account: str) -> None:
    """Fetch what is new in a mailbox now. Raises `PermissionError`."""
    account = frappe.get_doc("Email Account", email_account)
    account.check_permission("write")
    account.receive()


def notify_unreplied() -> None:
    """Tell of mails that nobody answered in time, once each; run every few minutes."""
    for name in frappe.get_all("Email Account", {"notify_if_unreplied": 1, "enable_incoming": 1}, pluck="name"):
        account = frappe.get_cached_doc("Email Account", name)
        readers = [line.strip() for line in (account.send_notification_to or "").replace(",", "\n").splitlines()]
        before = frappe.utils.add_to_date(None, minutes=-(cint(account.unreplied_for_mins) or 30))
        waiting = {
            "email_account": name,
            "sent_or_received": "Received",
            "status": "Open",
            "unread_notification_sent": 0,
            "creation": ["<", before],
        }
        for mail in frappe.get_all("Communication", waiting, ["name", "subject", "sender"]):
            _tell_unreplied(mail, [reader for reader in readers if reader])


def _tell_unreplied(mail: Any, readers: list[str]) -> None:
    frappe.db.set_value("Communication", mail.name, "unread_notification_sent", 1, update_modified=False)
    if readers:
        frappe.sendmail(
            recipients=readers,
            subject=_("Not answered: {0}").format(mail.subject),
            message=frappe.get_template("templates/emails/unreplied.html").render({"mail": mail}),
            reference_doctype="Communication",
            reference_name=mail.name,
        )


@frappe.whitelist()
def get_append_to(
    doctype: str = "", txt: str = "", searchfield: str = "", start: int = 0, page_len: int = 20, filters: Any = None
) -> list[list[str]]:
    """Give the DocTypes that mail may be appended to, for a link's search."""
    found = frappe.get_all(
        "DocType", {"email_append_to": 1, "istable": 0, "issingle": 0}, pluck="name", order_by="name"
    )
    return [[name] for name in found if (txt or "").lower() in name.lower()]


@frappe.whitelist()
def set_email_password(email_account: str, password: str) -> bool:
    """Set the password of an account; tell whether the account could be saved with it."""
    account = frappe.get_doc("Email Account", email_account)
    account.check_permission("write")
    account.awaiting_password = 0
    account.password = password
    account.save()
    return True
