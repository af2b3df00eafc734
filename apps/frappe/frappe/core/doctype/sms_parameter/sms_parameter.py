"""Controller of the DocType SMS Parameter."""

from frappe.model.document import Document


class SMSParameter(Document):
    """A parameter that goes with every text message."""
