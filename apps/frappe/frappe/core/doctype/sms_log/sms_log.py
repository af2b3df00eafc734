"""A text message that was sent."""

from frappe.model.document import Document


class SMSLog(Document):
    """A SMS Log document."""
