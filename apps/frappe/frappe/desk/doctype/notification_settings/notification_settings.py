"""Controller of the DocType Notification Settings.

Invariant: one record per user, named and owned by the user.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document

# what a notice is about, and the setting that says whether it is also sent by mail
MAIL_SETTINGS = {
    "Mention": "enable_email_mention",
    "Assignment": "enable_email_assignment",
    "Share": "enable_email_share",
    "Event": "enable_email_event_reminders",
    "Energy Point": "enable_email_energy_point",
}


class NotificationSettings(Document):
    """Which notices a user gets, in the desk and by mail."""

    def on_update(self) -> None:
        """Let settings count at once."""
        frappe.clear_document_cache(self.doctype, self.name)


def create_notification_settings(user: str) -> None:
    """Make the settings of a user, unless they are there."""
    if frappe.db.exists("Notification Settings", user):
        return
    document = frappe.new_doc("Notification Settings")
    document.update({"name": user, "user": user})
    document.owner = user
    document.flags.name_set = True
    document.insert(ignore_permissions=True, set_name=user)
    frappe.db.set_value("Notification Settings", user, "owner", user, update_modified=False)


def _settings(user: str) -> Any:
    return (
        frappe.get_cached_doc("Notification Settings", user)
        if frappe.db.exists("Notification Settings", user)
        else None
    )


def is_notifications_enabled(user: str) -> bool:
    """Tell whether a user gets notices in the desk."""
    settings = _settings(user)
    return settings is None or bool(settings.enabled)


def is_email_notifications_enabled(user: str) -> bool:
    """Tell whether a user gets notices by mail at all."""
    settings = _settings(user)
    return settings is None or bool(settings.enabled and settings.enable_email_notifications)


def is_email_notifications_enabled_for_type(user: str, notification_type: str) -> bool:
    """Tell whether a user gets notices of a kind by mail."""
    if notification_type == "Alert" or not is_email_notifications_enabled(user):
        return False  # rules about documents say themselves whether they write mail
    fieldname = MAIL_SETTINGS.get(notification_type)
    settings = _settings(user)
    return settings is None or fieldname is None or bool(settings.get(fieldname))


@frappe.whitelist()
def get_subscribed_documents() -> list[str]:
    """Give the DocTypes of which the one who asks sees the open documents."""
    settings = _settings(frappe.session.user)
    return [row.document for row in settings.subscribed_documents] if settings else []


@frappe.whitelist()
def set_seen_value(value: int, user: str) -> None:
    """Note whether a user has seen the newest notices; users do that for themselves."""
    name = user if user == frappe.session.user or "System Manager" in frappe.get_roles() else frappe.session.user
    frappe.db.set_value("Notification Settings", name, "seen", int(value), update_modified=False)


def toggle_notifications(user: str, enable: bool = False, ignore_permissions: bool = False) -> None:
    """Switch all notices of a user on or off."""
    if frappe.db.exists("Notification Settings", user):
        settings = frappe.get_doc("Notification Settings", user)
        if bool(settings.enabled) != bool(enable):
            settings.enabled = int(enable)
            settings.save(ignore_permissions=ignore_permissions)


def get_permission_query_conditions(user: str) -> str | None:
    """Show everybody the own record alone, System Managers all."""
    who = user or frappe.session.user
    if who == "Administrator" or "System Manager" in frappe.get_roles(who):
        return None
    return f"`tabNotification Settings`.`name` = {frappe.db.escape(who)}"


def has_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool:
    """Tell whether a user may see these settings: the own ones, System Managers all."""
    who = user or frappe.session.user
    return who in ("Administrator", doc.name) or "System Manager" in frappe.get_roles(who)
