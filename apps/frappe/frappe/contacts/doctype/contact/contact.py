"""Controller of the DocType Contact."""

from frappe.model.document import Document


class Contact(Document):
    """A person, with the documents that the person belongs to."""
