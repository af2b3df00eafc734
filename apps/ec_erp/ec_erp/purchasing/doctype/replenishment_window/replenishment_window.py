"""How much the sales of some last days count (销量权重)."""

from ec_erp.documents.sets import SetRow


class ReplenishmentWindow(SetRow):
    """How much the sales of some last days count (销量权重)."""
