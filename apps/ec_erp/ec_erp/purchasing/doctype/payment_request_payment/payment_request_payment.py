"""A payment of a request (付款记录)."""

from ec_erp.documents.sets import SetRow


class PaymentRequestPayment(SetRow):
    """A payment of a request (付款记录)."""
