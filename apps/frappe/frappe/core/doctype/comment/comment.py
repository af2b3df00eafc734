"""A remark on a document, or a short note of what happened to it."""

from frappe.model.document import Document


class Comment(Document):
    """A Comment document."""
