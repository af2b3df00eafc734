"""A document that a payment is for."""

from ec_erp.documents.sets import SetRow


class PaymentEntryReference(SetRow):
    """A document that a payment is for."""
