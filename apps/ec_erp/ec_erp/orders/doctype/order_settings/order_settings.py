"""How orders are taken in, merged, split and audited (订单设置)."""

from frappe.model.document import Document


class OrderSettings(Document):
    """How orders are taken in, merged, split and audited (订单设置)."""
