"""Platform Refund Line: a line of a platform's refund (退款明细)."""

from ec_erp.documents.sets import SetRow


class PlatformRefundLine(SetRow):
    """A line of a platform's refund (退款明细)."""
