"""A set of rights that users share."""

from frappe.model.document import Document


class Role(Document):
    """A Role document."""
