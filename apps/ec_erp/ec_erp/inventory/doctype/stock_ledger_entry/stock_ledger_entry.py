"""One movement of stock with its value (库存流水): append-only."""

from ec_erp.documents.ledger import PostedRow


class StockLedgerEntry(PostedRow):
    """One movement of stock with its value (库存流水): append-only."""
