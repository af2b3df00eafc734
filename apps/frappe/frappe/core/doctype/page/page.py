"""Controller of the DocType Page."""

from frappe.model.document import Document


class Page(Document):
    """A page of the desk with a script of its own."""
