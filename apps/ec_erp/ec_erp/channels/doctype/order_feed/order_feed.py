"""Order Feed: Until when all orders of a shop have come in (订单水位)."""

from ec_erp.documents.sets import SetDocument


class OrderFeed(SetDocument):
    """Until when all orders of a shop have come in (订单水位)."""
