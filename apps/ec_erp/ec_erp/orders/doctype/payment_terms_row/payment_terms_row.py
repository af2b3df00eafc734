"""A share of an order with the days until it is due (付款条件明细)."""

from frappe.model.document import Document


class PaymentTermsRow(Document):
    """A share of an order with the days until it is due (付款条件明细)."""
