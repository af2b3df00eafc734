"""What there is of a SKU in a warehouse (库存): quantities, value, and the head of its hash chain."""

from ec_erp.documents.ledger import PostedRow


class StockBalance(PostedRow):
    """What there is of a SKU in a warehouse (库存): quantities, value, and the head of its hash chain."""
