"""Controller of the DocType Reminder: a notice to oneself at a moment."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime


class Reminder(Document):
    """What somebody wants to be reminded of, and when."""

    def validate(self) -> None:
        """Users remind themselves, of what is to come."""
        self.user = frappe.session.user if not self.user or frappe.session.user != "Administrator" else self.user
        if get_datetime(self.remind_at) < now_datetime() and not self.notified:
            frappe.throw(_("Reminder cannot be created in past."))

    def send_reminder(self) -> None:
        """Write the notice, once."""
        if self.notified:
            return
        self.db_set("notified", 1, update_modified=False)
        notice = {
            "doctype": "Notification Log",
            "for_user": self.user,
            "type": "Alert",
            "document_type": self.reminder_doctype,
            "document_name": self.reminder_docname,
            "subject": self.description,
        }
        frappe.get_doc(notice).insert(ignore_permissions=True, ignore_links=True)


@frappe.whitelist()
def create_new_reminder(
    remind_at: Any, description: str, reminder_doctype: str | None = None, reminder_docname: str | None = None
) -> Any:
    """Have oneself reminded; give the Reminder."""
    reminder = frappe.new_doc("Reminder")
    values = {"description": description, "remind_at": remind_at, "user": frappe.session.user}
    reminder.update({**values, "reminder_doctype": reminder_doctype, "reminder_docname": reminder_docname})
    return reminder.insert()


def send_reminders() -> None:
    """Write the notices whose moment has come."""
    filters = {"notified": 0, "remind_at": ["<=", now_datetime()]}
    for name in frappe.get_all("Reminder", filters, pluck="name"):
        frappe.get_doc("Reminder", name).send_reminder()
