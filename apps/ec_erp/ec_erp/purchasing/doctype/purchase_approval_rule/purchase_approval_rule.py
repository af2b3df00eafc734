"""Purchase Approval Rule: which purchase orders need whose approval (采购审批规则)."""

from ec_erp.documents.sets import SetDocument


class PurchaseApprovalRule(SetDocument):
    """Which purchase orders need whose approval."""
