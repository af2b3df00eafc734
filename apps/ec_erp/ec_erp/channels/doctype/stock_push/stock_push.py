"""Stock Push: How much of a listing its shop has been told, and what it is to be told next (库存同步)."""

from ec_erp.documents.sets import SetDocument


class StockPush(SetDocument):
    """How much of a listing its shop has been told, and what it is to be told next (库存同步)."""
