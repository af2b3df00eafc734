"""Controller of the DocType Print Style."""

from frappe.model.document import Document


class PrintStyle(Document):
    """CSS for printed documents."""
