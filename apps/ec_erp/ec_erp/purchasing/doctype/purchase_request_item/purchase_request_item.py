"""A line of a purchase request (采购申请明细)."""

from ec_erp.documents.sets import SetRow


class PurchaseRequestItem(SetRow):
    """A line of a purchase request (采购申请明细)."""
