"""Platform Order: an order as a platform sent it, kept unchanged (平台原始单)."""

from ec_erp.documents.sets import SetDocument


class PlatformOrder(SetDocument):
    """An order as a platform sent it, kept unchanged (平台原始单)."""
