"""A place that is counted."""

from ec_erp.documents.sets import SetRow


class StockCountItem(SetRow):
    """A place that is counted."""
