"""What became of one row of an import."""

from frappe.model.document import Document


class DataImportLog(Document):
    """A Data Import Log document."""
