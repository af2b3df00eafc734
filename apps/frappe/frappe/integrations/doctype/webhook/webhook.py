"""Controller of the DocType Webhook."""

from frappe.model.document import Document


class Webhook(Document):
    """Sends a document to an address when something happens to it."""
