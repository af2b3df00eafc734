"""Controller of the DocType Web Page."""

from frappe.model.document import Document


class WebPage(Document):
    """A page of the public site."""
