"""What kind of access a user has: the desk, or the website alone."""

from frappe.model.document import Document


class UserType(Document):
    """A User Type document."""
