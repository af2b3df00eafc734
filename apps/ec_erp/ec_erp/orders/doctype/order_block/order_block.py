"""One reason why an order can't go on (异常)."""

from frappe.model.document import Document


class OrderBlock(Document):
    """One reason why an order can't go on (异常)."""
