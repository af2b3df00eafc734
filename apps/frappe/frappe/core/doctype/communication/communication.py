"""Controller of the DocType Communication."""

from frappe.model.document import Document


class Communication(Document):
    """A mail, call or message that belongs to documents."""
