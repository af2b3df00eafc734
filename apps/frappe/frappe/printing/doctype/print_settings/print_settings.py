"""Controller of the DocType Print Settings."""

from frappe.model.document import Document


class PrintSettings(Document):
    """Defaults for printing and PDF."""
