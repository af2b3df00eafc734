"""A sales platform (平台)."""

from frappe.model.document import Document


class Platform(Document):
    """A sales platform (平台)."""
