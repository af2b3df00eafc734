"""Controller of the DocType Email Queue."""

from frappe.model.document import Document


class EmailQueue(Document):
    """A mail that waits, is being sent, or was sent."""
