"""Controller of the DocType Data Import."""

from frappe.model.document import Document


class DataImport(Document):
    """Rows of a file that become new documents or update old ones."""
