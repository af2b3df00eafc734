"""Controller of the DocType Permission Inspector."""

from frappe.model.document import Document


class PermissionInspector(Document):
    """Tells whether a user may do something with a document, and why."""
