"""A prefix and a counter for documents that meet conditions."""

from frappe.model.document import Document


class DocumentNamingRule(Document):
    """A Document Naming Rule document."""
