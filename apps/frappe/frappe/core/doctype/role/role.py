"""Controller of the DocType Role."""

from frappe.model.document import Document


class Role(Document):
    """A set of rights that users share."""
