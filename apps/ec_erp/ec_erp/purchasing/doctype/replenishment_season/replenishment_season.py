"""Days on which more or less is sold (季节系数)."""

from ec_erp.documents.sets import SetRow


class ReplenishmentSeason(SetRow):
    """Days on which more or less is sold (季节系数)."""
