"""A receipt that bears costs (费用分摊的入库单)."""

from ec_erp.documents.sets import SetRow


class LandedCostReceipt(SetRow):
    """A receipt that bears costs (费用分摊的入库单)."""
