"""One part of a combo (组合装明细)."""

from frappe.model.document import Document


class SKUComponent(Document):
    """One part of a combo (组合装明细)."""
