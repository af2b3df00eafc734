"""Controller of the DocType Notification Log, and the calls that read notices."""

from __future__ import annotations

from typing import Any

from frappe_engine.desk.notices import (
    get_notification_logs,
    make_notice,
    mark_all_as_read,
    mark_as_read,
    trigger_indicator_hide,
)

import frappe
from frappe import _
from frappe.core.doctype.user.passwords import can_send_mail
from frappe.desk.doctype.notification_settings.notification_settings import is_email_notifications_enabled_for_type
from frappe.model.document import Document
from frappe.utils import strip_html

__all__ = [
    "NotificationLog",
    "enqueue_create_notification",
    "get_notification_logs",
    "make_notification_logs",
    "mark_all_as_read",
    "mark_as_read",
    "trigger_indicator_hide",
]


class NotificationLog(Document):
    """A notice to one user in the desk, sent by mail too where its reader wants that."""

    def after_insert(self) -> None:
        """Send the notice by mail, where mail is set up and its reader wants notices of this kind so."""
        if self.for_user and is_email_notifications_enabled_for_type(self.for_user, self.type) and can_send_mail():
            send_notification_email(self)


def send_notification_email(doc: Any) -> None:
    """Queue a notice as a mail to its reader."""
    user = frappe.db.get_value("User", doc.for_user, ["email", "enabled"], as_dict=True)
    if not user or not user.enabled or "@" not in (user.email or ""):
        return
    link = ""
    if doc.document_type and doc.document_name:
        link = frappe.utils.get_url_to_form(doc.document_type, doc.document_name)
    words = [f"<p>{doc.subject}</p>", doc.email_content or ""]
    if link:
        words.append(f'<p><a href="{link}">{_("Open Document")}</a></p>')
    frappe.sendmail(
        recipients=[user.email],
        subject=strip_html(doc.subject or ""),
        message="".join(words),
        is_notification=True,
        add_unsubscribe_link=0,
    )


def get_permission_query_conditions(user: str | None = None) -> str | None:
    """Show users their own notices."""
    who = user or frappe.session.user
    return None if who == "Administrator" else f"(`tabNotification Log`.`for_user` = {frappe.db.escape(who)})"


def enqueue_create_notification(users: list[str] | str, doc: dict[str, Any]) -> None:
    """Tell users something: `subject`, `type`, `document_type`, `document_name`, `email_content`."""
    if frappe.flags.in_install or frappe.flags.in_import:
        return
    make_notification_logs(frappe._dict(doc), users)


def make_notification_logs(doc: Any, users: list[str] | str) -> None:
    """Write a notice for each user; users are named, or given by their mail addresses."""
    names = [users] if isinstance(users, str) else users
    for name in dict.fromkeys(names):
        user = name if frappe.db.exists("User", name) else frappe.db.get_value("User", {"email": name}, "name")
        if user and (user != doc.get("from_user") or doc.get("type") == "Energy Point"):
            make_notice(
                user,
                doc.get("type") or "Alert",
                doc.get("subject") or "",
                doc.get("document_type"),
                doc.get("document_name"),
                doc.get("email_content") or "",
            )
