"""Sales Order: what a buyer wants (销售订单)."""

from collections.abc import Sequence
from typing import Any

from ec_erp.documents.sets import SetDocument
from ec_erp.orders import flows


class SalesOrder(SetDocument):
    """An order; submitted it is accepted and has its stock put aside."""

    @classmethod
    def prefetch_set(cls, docs: Sequence[Any]) -> None:
        """Load what the checks ask for."""
        flows.prefetch(docs)

    def fill_defaults(self) -> None:
        """Fill company, customer, warehouse, rates."""
        flows.fill_order(self)

    def check(self) -> None:
        """Refuse what breaks a rule; price the order."""
        flows.check_order(self)

    def before_update_after_submit(self) -> None:
        """Keep the head in step with the blocks."""
        flows.follow_edit(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Accept."""
        flows.accept_orders(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Free what was put aside."""
        flows.cancel_orders(docs)
