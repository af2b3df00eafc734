"""Stock Entry: goods in or out for a reason other than trade (其他出入库)."""

from collections.abc import Sequence
from typing import Any

from ec_erp.documents.sets import SetDocument
from ec_erp.fulfilment.flows import adjust


class StockEntry(SetDocument):
    """Other goods in or out; submitted the goods have moved."""

    @classmethod
    def prefetch_set(cls, docs: Sequence[Any]) -> None:
        """Load what the checks ask for."""
        adjust.prefetch(docs)

    def fill_defaults(self) -> None:
        """Fill company, time, warehouses."""
        adjust.fill_entry(self)

    def check(self) -> None:
        """Refuse what breaks a rule."""
        adjust.check_entry(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Post."""
        adjust.post_entries(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Post the reversal."""
        adjust.cancel_entries(docs)
