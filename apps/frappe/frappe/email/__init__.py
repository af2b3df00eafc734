"""Mail: sending, the queue, accounts and rules that send."""

from __future__ import annotations

from typing import Any

import frappe
from frappe._submodules import lazily

__getattr__ = lazily(__name__)


def sendmail_to_system_managers(subject: str, content: str) -> None:
    """Send a mail to everybody who manages the system."""
    frappe.sendmail(recipients=get_system_managers(), subject=subject, content=content)


def get_system_managers() -> list[str]:
    """Give the mail addresses of enabled users with the role System Manager."""
    from frappe.utils.user import get_system_managers as find

    return find(only_name=True)


@frappe.whitelist()
def get_contact_list(txt: str, page_length: int = 20, extra_filters: Any = None) -> list[dict[str, Any]]:
    """Give addresses of contacts that hold a text, for the fields of a mail: `value`, `label`, `description`."""
    contact, row = frappe.qb.DocType("Contact"), frappe.qb.DocType("Contact Email")
    frappe.has_permission("Contact", "read", throw=True)
    names = frappe.get_list("Contact", or_filters=_like(txt), pluck="name", limit=200)
    found = (
        frappe.qb.from_(row).join(contact).on(row.parent == contact.name)
        .select(row.email_id, contact.full_name).where(contact.name.isin(names or [""]))
        .limit(frappe.utils.cint(page_length) or 20).run()
    )  # fmt: skip
    return [{"value": email, "label": email, "description": name or email} for email, name in found if email]


def _like(text: str) -> list[list[str]]:
    return [[name, "like", f"%{text or ''}%"] for name in ("name", "full_name", "email_id")]
