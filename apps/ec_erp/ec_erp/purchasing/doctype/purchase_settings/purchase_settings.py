"""Purchase Settings: when a price asks for a second look (采购设置)."""

from ec_erp.documents.sets import SetDocument


class PurchaseSettings(SetDocument):
    """When a price asks for a second look."""
