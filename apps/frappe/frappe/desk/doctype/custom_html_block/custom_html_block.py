"""Controller of the DocType Custom HTML Block."""

from frappe.model.document import Document


class CustomHTMLBlock(Document):
    """HTML, CSS and JavaScript for a place on a workspace."""
