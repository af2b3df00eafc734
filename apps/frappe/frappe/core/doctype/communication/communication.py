"""A mail, call or message that belongs to documents."""

from frappe.model.document import Document


class Communication(Document):
    """A Communication document."""
