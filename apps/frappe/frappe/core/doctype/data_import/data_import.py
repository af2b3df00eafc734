"""Rows of a file that become new documents or update old ones."""

from frappe.model.document import Document


class DataImport(Document):
    """A Data Import document."""
