"""A document in whose timeline a communication shows."""

from frappe.model.document import Document


class CommunicationLink(Document):
    """One row of Communication Link; its parent validates it."""
