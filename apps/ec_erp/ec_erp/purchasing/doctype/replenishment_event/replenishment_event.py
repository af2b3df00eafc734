"""What a planned event sells beyond the usual (活动增量)."""

from ec_erp.documents.sets import SetRow


class ReplenishmentEvent(SetRow):
    """What a planned event sells beyond the usual (活动增量)."""
