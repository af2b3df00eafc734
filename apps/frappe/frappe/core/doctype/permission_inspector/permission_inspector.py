"""Tells whether a user may do something with a document, and why."""

from frappe.model.document import Document


class PermissionInspector(Document):
    """The settings document Permission Inspector."""
