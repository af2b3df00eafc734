"""Controller of the DocType DocShare."""

from frappe.model.document import Document


class DocShare(Document):
    """A right on one document, given by one user to another."""
