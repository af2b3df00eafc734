"""Controller of the DocType Web Page Block."""

from frappe.model.document import Document


class WebPageBlock(Document):
    """A block of a page with its template and values."""
