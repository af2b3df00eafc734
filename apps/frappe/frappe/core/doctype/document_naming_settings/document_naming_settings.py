"""Controller of the DocType Document Naming Settings."""

from frappe.model.document import Document


class DocumentNamingSettings(Document):
    """Series that documents can choose, and their counters."""
