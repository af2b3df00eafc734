"""Controller of the DocType Document Share Key."""

from frappe.model.document import Document


class DocumentShareKey(Document):
    """A key that opens the web view of one document for a while."""
