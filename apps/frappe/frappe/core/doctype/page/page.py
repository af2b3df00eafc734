"""A page of the desk with a script of its own."""

from frappe.model.document import Document


class Page(Document):
    """A Page document."""
