"""Purchase Receipt: goods have come from a supplier (采购入库)."""

from collections.abc import Sequence
from typing import Any

from ec_erp.documents.sets import SetDocument
from ec_erp.purchasing.flows import receipt


class PurchaseReceipt(SetDocument):
    """A receipt; submitted the accepted goods are in stock."""

    @classmethod
    def prefetch_set(cls, docs: Sequence[Any]) -> None:
        """Load what the checks ask for."""
        receipt.prefetch(docs)

    def fill_defaults(self) -> None:
        """Complete what was not said."""
        receipt.fill_receipt(self)

    def check(self) -> None:
        """Refuse what breaks a rule; price it."""
        receipt.check_receipt(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Post."""
        receipt.post_receipts(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Undo it."""
        receipt.cancel_receipts(docs)
