"""Series that documents can choose, and their counters."""

from frappe.model.document import Document


class DocumentNamingSettings(Document):
    """The settings document Document Naming Settings."""
