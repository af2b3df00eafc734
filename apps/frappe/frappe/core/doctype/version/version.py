"""What changed in a document, field by field."""

from frappe.model.document import Document


class Version(Document):
    """A Version document."""
