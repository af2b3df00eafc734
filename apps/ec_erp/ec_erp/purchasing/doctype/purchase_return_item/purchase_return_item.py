"""A line of a purchase return (采购退货明细)."""

from ec_erp.documents.sets import SetRow


class PurchaseReturnItem(SetRow):
    """A line of a purchase return (采购退货明细)."""
