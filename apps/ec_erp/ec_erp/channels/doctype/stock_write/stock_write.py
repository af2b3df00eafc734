"""Stock Write: What a shop was told of a listing's stock, when, why, and what it answered (库存写入)."""

from ec_erp.documents.sets import SetDocument


class StockWrite(SetDocument):
    """What a shop was told of a listing's stock, when, why, and what it answered (库存写入)."""
