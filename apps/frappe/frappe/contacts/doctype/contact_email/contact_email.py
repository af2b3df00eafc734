"""Controller of the DocType Contact Email."""

from frappe.model.document import Document


class ContactEmail(Document):
    """An address of a contact."""
