"""Controller of the DocType Data Import Log."""

from frappe.model.document import Document


class DataImportLog(Document):
    """What became of one row of an import."""
