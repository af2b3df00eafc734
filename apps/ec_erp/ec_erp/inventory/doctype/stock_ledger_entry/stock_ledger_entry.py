"""One movement of stock with its value (库存流水): append-only."""

from ec_erp.documents.ledger import PostedRow
from ec_erp.inventory.flows import reasons


class StockLedgerEntry(PostedRow):
    """One movement of stock with its value (库存流水): append-only."""

    def onload(self) -> None:
        """Show why it moved goods."""
        reasons.show_reason(self)
