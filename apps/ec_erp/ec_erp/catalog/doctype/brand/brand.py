"""A brand (品牌)."""

from frappe.model.document import Document


class Brand(Document):
    """A brand (品牌)."""
