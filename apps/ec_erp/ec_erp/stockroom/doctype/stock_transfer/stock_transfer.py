"""Goods from one warehouse to another, with what is on its way (调拨单)."""

from collections.abc import Sequence
from typing import Any

import frappe

from ec_erp.documents.requests import figures_in
from ec_erp.documents.sets import SetDocument
from ec_erp.stockroom.flows import transfers


class StockTransfer(SetDocument):
    """Goods from one warehouse to another, with what is on its way (调拨单)."""

    def fill_defaults(self) -> None:
        """Complete what was not said."""
        transfers.fill(self)

    def check(self) -> None:
        """Refuse what breaks a rule."""
        transfers.check(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Approve: put the goods aside."""
        transfers.approve(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Give back what was put aside, or undo what was sent."""
        transfers.cancel(docs)

    @frappe.whitelist(methods=["POST"])
    def send(self) -> str:
        """Send the goods; return the status."""
        return transfers.send([self])[0]

    @frappe.whitelist(methods=["POST"])
    def receive(self, quantities: dict[str, float] | str | None = None) -> str:
        """Receive what came, by row ({row: quantity}), or everything that is on its way; return the status."""
        return transfers.receive(self, figures_in(quantities) if quantities else None)

    @frappe.whitelist(methods=["POST"])
    def settle(self, difference: str = "Loss") -> str:
        """Close the transfer; what has not come is a Loss or goes Back to where it was sent from."""
        return transfers.settle(self, difference)
