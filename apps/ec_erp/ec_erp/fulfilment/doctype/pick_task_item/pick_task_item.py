"""What to take from a bin, in the order of the way (拣货明细)."""

from ec_erp.documents.sets import SetRow


class PickTaskItem(SetRow):
    """What to take from a bin, in the order of the way (拣货明细)."""
