"""A DocType that users of a type may work with."""

from frappe.model.document import Document


class UserDocumentType(Document):
    """One row of User Document Type; its parent validates it."""
