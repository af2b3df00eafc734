"""A parameter that goes with every text message."""

from frappe.model.document import Document


class SMSParameter(Document):
    """One row of SMS Parameter; its parent validates it."""
