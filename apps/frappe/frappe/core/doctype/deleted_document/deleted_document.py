"""Controller of the DocType Deleted Document."""

from frappe.model.document import Document


class DeletedDocument(Document):
    """A deleted document that can be restored."""
