"""Order Instalment: a part of an order on account with its day of payment (分期应收)."""

from frappe.model.document import Document


class OrderInstalment(Document):
    """A part of what is paid later; flows change it with its order and its payments."""
