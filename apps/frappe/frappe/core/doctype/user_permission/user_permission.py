"""Limits a user to documents that point to a given document."""

from frappe.model.document import Document


class UserPermission(Document):
    """A User Permission document."""
