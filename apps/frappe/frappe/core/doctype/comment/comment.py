"""Controller of the DocType Comment."""

from frappe.model.document import Document


class Comment(Document):
    """A remark on a document, or a short note of what happened to it."""
