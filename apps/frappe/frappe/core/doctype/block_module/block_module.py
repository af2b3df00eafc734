"""A module hidden from a user."""

from frappe.model.document import Document


class BlockModule(Document):
    """One row of Block Module; its parent validates it."""
