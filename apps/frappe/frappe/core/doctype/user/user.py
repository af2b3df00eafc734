"""A person or a program that signs in."""

from frappe.model.document import Document


class User(Document):
    """A User document."""
