"""Controller of the DocType Document Follow."""

from frappe.model.document import Document


class DocumentFollow(Document):
    """A user who wants to hear of changes to a document."""
