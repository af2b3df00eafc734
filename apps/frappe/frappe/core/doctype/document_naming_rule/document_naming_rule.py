"""Controller of the DocType Document Naming Rule."""

from frappe.model.document import Document


class DocumentNamingRule(Document):
    """A prefix and a counter for documents that meet conditions."""
