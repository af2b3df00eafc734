"""A deleted document that can be restored."""

from frappe.model.document import Document


class DeletedDocument(Document):
    """A Deleted Document document."""
