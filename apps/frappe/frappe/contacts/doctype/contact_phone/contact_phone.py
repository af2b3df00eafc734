"""Controller of the DocType Contact Phone."""

from frappe.model.document import Document


class ContactPhone(Document):
    """A number of a contact."""
