"""Controller of the DocType User Permission."""

from frappe.model.document import Document


class UserPermission(Document):
    """Limits a user to documents that point to a given document."""
