"""Controller of the DocType SMS Settings."""

from frappe.model.document import Document


class SMSSettings(Document):
    """The gateway that sends text messages."""
