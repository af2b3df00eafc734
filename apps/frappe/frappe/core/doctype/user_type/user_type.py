"""Controller of the DocType User Type."""

from frappe.model.document import Document


class UserType(Document):
    """What kind of access a user has: the desk, or the website alone."""
