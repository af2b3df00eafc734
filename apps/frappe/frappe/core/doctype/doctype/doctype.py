"""Controller of the DocType DocType."""

from frappe.model.document import Document


class DocType(Document):
    """A kind of document: its fields, naming, permissions and views."""
