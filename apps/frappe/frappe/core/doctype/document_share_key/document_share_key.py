"""A key that opens the web view of one document for a while."""

from frappe.model.document import Document


class DocumentShareKey(Document):
    """A Document Share Key document."""
