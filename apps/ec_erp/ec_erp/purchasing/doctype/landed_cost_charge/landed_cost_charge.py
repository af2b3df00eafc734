"""What getting goods here cost (采购费用明细)."""

from ec_erp.documents.sets import SetRow


class LandedCostCharge(SetRow):
    """What getting goods here cost (采购费用明细)."""
