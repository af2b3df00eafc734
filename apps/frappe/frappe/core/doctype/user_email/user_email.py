"""Controller of the DocType User Email."""

from frappe.model.document import Document


class UserEmail(Document):
    """An email account whose mail a user reads."""
