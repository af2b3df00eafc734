"""A right on one document, given by one user to another."""

from frappe.model.document import Document


class DocShare(Document):
    """A DocShare document."""
