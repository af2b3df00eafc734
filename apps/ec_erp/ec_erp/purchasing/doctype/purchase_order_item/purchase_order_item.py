"""A line of a purchase order (采购明细)."""

from ec_erp.documents.sets import SetRow


class PurchaseOrderItem(SetRow):
    """A line of a purchase order (采购明细)."""
