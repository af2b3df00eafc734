"""Controller of the DocType Communication Link."""

from frappe.model.document import Document


class CommunicationLink(Document):
    """A document in whose timeline a communication shows."""
