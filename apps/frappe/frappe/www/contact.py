"""The page on which visitors write to whoever runs the site.

Invariant: what a visitor wrote is kept and mailed as text, never as markup; who writes learns nothing of who reads.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import escape_html, validate_email_address

no_cache = 1
MESSAGES_PER_HOUR = 20


def get_context(context: Any) -> dict[str, Any]:
    """Give what Contact Us Settings say; `subjects` are what a message can be about."""
    settings = frappe.get_doc("Contact Us Settings", "Contact Us Settings").as_dict()
    options = str(settings.query_options or "").replace(",", "\n").splitlines()
    return {
        **settings,
        "title": settings.heading or _("Contact Us"),
        "subjects": [option.strip() for option in options if option.strip()],
        "parents": [{"name": _("Home"), "route": "/"}],
    }


@frappe.whitelist(allow_guest=True)
@rate_limit(limit=MESSAGES_PER_HOUR, seconds=60 * 60)
def send_message(sender: str, message: str, subject: str = "Website Query") -> None:
    """Keep a visitor's message as a Communication, forward it, and thank the visitor by mail.

    Raises `InvalidEmailAddressError` where the sender is no address.
    """
    address = validate_email_address(sender, throw=True)
    text = escape_html(message)
    reader = frappe.db.get_single_value("Contact Us Settings", "forward_to_email")
    if reader:
        frappe.sendmail(recipients=reader, reply_to=address, content=text, subject=subject)
    thanks = _("Thank you for writing to us. We will answer as soon as we can.")
    frappe.sendmail(
        recipients=address,
        subject=_("We have received your message"),
        content=f"<p>{thanks}</p><p>{_('Your message:')}</p><blockquote>{text}</blockquote>",
    )
    frappe.get_doc(
        {
            "doctype": "Communication",
            "sender": address,
            "subject": _("New Message from Website Contact Page"),
            "sent_or_received": "Received",
            "content": text,
            "status": "Open",
        }
    ).insert(ignore_permissions=True)
