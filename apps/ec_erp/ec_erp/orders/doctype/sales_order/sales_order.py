"""Sales Order: what a buyer wants (销售订单)."""

from collections.abc import Sequence
from typing import Any

from ec_erp.documents.sets import SetDocument
from ec_erp.orders import flows


class SalesOrder(SetDocument):
    """An order; submitted it is accepted and goes on as far as it can by itself."""

    completes_beforehand = True

    @classmethod
    def prefetch_set(cls, docs: Sequence[Any]) -> None:
        """Load what the checks ask for."""
        flows.prefetch(docs)

    def onload(self) -> None:
        """Tell the form what comes next, and why."""
        self.set_onload("explanation", flows.explain_order(self))
        flows.tell_origins(self.items)
        if self.instalment_state:
            self.set_onload("instalments", flows.schedule_of(self))

    def fill_defaults(self) -> None:
        """Fill company, customer, warehouse, rates."""
        flows.fill_order(self)

    def check(self) -> None:
        """Refuse what breaks a rule; price the order."""
        flows.check_order(self)

    def check_against_others(self) -> None:
        """Refuse an order that is there already, or whose turns or instalments can't be."""
        flows.settle_order(self)

    def before_update_after_submit(self) -> None:
        """Follow what a person changes on a submitted order."""
        super().before_update_after_submit()
        flows.follow_edit(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Accept."""
        flows.accept_orders(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Free what was put aside."""
        flows.cancel_orders(docs)
