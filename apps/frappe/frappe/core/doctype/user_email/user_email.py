"""An email account whose mail a user reads."""

from frappe.model.document import Document


class UserEmail(Document):
    """One row of User Email; its parent validates it."""
