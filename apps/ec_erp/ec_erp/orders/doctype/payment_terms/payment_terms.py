"""Payment Terms: which shares of an order on account are due when (付款条件)."""

from frappe.model.document import Document

from ec_erp.orders.flows import instalments


class PaymentTerms(Document):
    """Shares of an order with their days."""

    def validate(self) -> None:
        """Refuse shares that do not come to the whole."""
        instalments.check_terms(self)
