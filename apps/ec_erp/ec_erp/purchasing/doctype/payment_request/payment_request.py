"""Payment Request: what is to be paid to a supplier, when, and why (付款申请)."""

from ec_erp.documents.sets import SetDocument
from ec_erp.purchasing.flows import payables


class PaymentRequest(SetDocument):
    """What is to be paid to a supplier; its payments count it down."""

    def fill_defaults(self) -> None:
        """Complete what was not said."""
        payables.fill_request(self)

    def check(self) -> None:
        """Refuse what breaks a rule; add the payments up."""
        payables.check_request(self)

    def on_trash(self) -> None:
        """Keep what the books name."""
        payables.refuse_to_drop(self)

    def on_update(self) -> None:
        """Tell the purchase order."""
        payables.tell_orders([self])
