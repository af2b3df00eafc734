"""Purchase Order: what is bought from a supplier (采购订单)."""

from collections.abc import Sequence
from typing import Any

from ec_erp.documents.sets import SetDocument
from ec_erp.purchasing.flows import order, prices


class PurchaseOrder(SetDocument):
    """A purchase order; submitted and approved it counts as on order."""

    @classmethod
    def prefetch_set(cls, docs: Sequence[Any]) -> None:
        """Load what the checks ask for."""
        order.prefetch(docs)

    def onload(self) -> None:
        """Tell in the reader's language where prices come from."""
        prices.tell_origins(self.items)

    def fill_defaults(self) -> None:
        """Complete what was not said."""
        order.fill_order(self)

    def check(self) -> None:
        """Refuse what breaks a rule; price it."""
        order.check_order(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Count it as on order, or let it wait for approval."""
        order.submit_orders(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Undo it."""
        order.cancel_orders(docs)
