"""How amended documents of one DocType are named."""

from frappe.model.document import Document


class AmendedDocumentNamingSettings(Document):
    """One row of Amended Document Naming Settings; its parent validates it."""
