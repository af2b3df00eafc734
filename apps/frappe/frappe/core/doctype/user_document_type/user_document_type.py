"""Controller of the DocType User Document Type."""

from frappe.model.document import Document


class UserDocumentType(Document):
    """A DocType that users of a type may work with."""
