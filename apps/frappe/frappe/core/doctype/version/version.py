"""Controller of the DocType Version."""

from frappe.model.document import Document


class Version(Document):
    """What changed in a document, field by field."""
