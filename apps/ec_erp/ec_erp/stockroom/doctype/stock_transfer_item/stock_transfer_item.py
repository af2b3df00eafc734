"""A row of a transfer."""

from ec_erp.documents.sets import SetRow


class StockTransferItem(SetRow):
    """A row of a transfer."""
