"""The gateway that sends text messages."""

from frappe.model.document import Document


class SMSSettings(Document):
    """The settings document SMS Settings."""
