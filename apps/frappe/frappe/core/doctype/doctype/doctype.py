"""A kind of document: its fields, naming, permissions and views."""

from frappe.model.document import Document


class DocType(Document):
    """A DocType document."""
