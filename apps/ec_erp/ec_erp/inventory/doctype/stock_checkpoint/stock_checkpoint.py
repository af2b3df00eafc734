"""What a month or ten days of event time has changed about a balance (库存快照)."""

from ec_erp.documents.ledger import PostedRow


class StockCheckpoint(PostedRow):
    """What a month or ten days of event time has changed about a balance."""
