"""Controller of the DocType Data Export."""

from frappe.model.document import Document


class DataExport(Document):
    """Chooses DocType, fields and filters for a file."""
