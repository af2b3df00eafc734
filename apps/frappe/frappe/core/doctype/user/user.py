"""Controller of the DocType User."""

from frappe.model.document import Document


class User(Document):
    """A person or a program that signs in."""
