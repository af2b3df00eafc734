"""Goods to put back, with the bin they came from (退拣明细)."""

from ec_erp.documents.sets import SetRow


class PutBackTaskItem(SetRow):
    """Goods to put back, with the bin they came from (退拣明细)."""
