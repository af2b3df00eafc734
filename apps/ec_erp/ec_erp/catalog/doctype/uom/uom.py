"""A unit that goods are counted in (单位)."""

from frappe.model.document import Document


class UOM(Document):
    """A unit that goods are counted in (单位)."""
