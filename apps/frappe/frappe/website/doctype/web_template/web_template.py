"""Controller of the DocType Web Template."""

from frappe.model.document import Document


class WebTemplate(Document):
    """HTML with fields, for pages, the navigation bar and the footer."""
