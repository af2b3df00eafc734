"""A line of a receipt (入库明细)."""

from ec_erp.documents.sets import SetRow


class PurchaseReceiptItem(SetRow):
    """A line of a receipt (入库明细)."""
