"""Controller of the DocType Email Unsubscribe."""

from frappe.model.document import Document


class EmailUnsubscribe(Document):
    """An address that no longer wants mail about a document, or any."""
