"""Controller of the DocType Contact Us Settings."""

from __future__ import annotations

from frappe.model.document import Document
from frappe.website.utils import clear_cache


class ContactUsSettings(Document):
    """What the contact page shows, and who gets what visitors write."""

    def on_update(self) -> None:
        """Let the page show it at once."""
        clear_cache("contact")
