"""Platform Refund: a refund as a platform sent it (平台退款单)."""

from ec_erp.documents.sets import SetDocument


class PlatformRefund(SetDocument):
    """A refund as a platform sent it (平台退款单)."""
