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
from frappe.model.document import Document

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
    """A notice to one user in the desk."""


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
