"""Purchase Return: goods go back to a supplier (采购退货)."""

from collections.abc import Sequence
from typing import Any

from ec_erp.documents.sets import SetDocument
from ec_erp.purchasing.flows import receipt


class PurchaseReturn(SetDocument):
    """A return to a supplier; submitted the goods have left."""

    @classmethod
    def prefetch_set(cls, docs: Sequence[Any]) -> None:
        """Load what the checks ask for."""
        receipt.prefetch(docs)

    def fill_defaults(self) -> None:
        """Complete what was not said."""
        receipt.fill_return(self)

    def check(self) -> None:
        """Refuse what breaks a rule; price it."""
        receipt.check_return(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Send back, or put aside."""
        receipt.submit_returns(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Undo it."""
        receipt.cancel_returns(docs)
