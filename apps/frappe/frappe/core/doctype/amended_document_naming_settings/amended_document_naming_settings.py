"""Controller of the DocType Amended Document Naming Settings."""

from frappe.model.document import Document


class AmendedDocumentNamingSettings(Document):
    """How amended documents of one DocType are named."""
