"""An approval that a purchase order needs, with the reason (采购审批)."""

from ec_erp.documents.sets import SetRow


class PurchaseApproval(SetRow):
    """An approval that a purchase order needs, with the reason (采购审批)."""
