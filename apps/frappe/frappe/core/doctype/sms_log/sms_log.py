"""Controller of the DocType SMS Log."""

from frappe.model.document import Document


class SMSLog(Document):
    """A text message that was sent."""
