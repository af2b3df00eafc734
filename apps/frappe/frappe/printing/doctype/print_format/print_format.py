"""Controller of the DocType Print Format."""

from frappe.model.document import Document


class PrintFormat(Document):
    """How a document looks on paper: a template or a drawn layout."""
