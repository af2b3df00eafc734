"""A row of goods with its share of costs (费用分摊明细)."""

from ec_erp.documents.sets import SetRow


class LandedCostItem(SetRow):
    """A row of goods with its share of costs (费用分摊明细)."""
