"""A line of goods in or out (出入库明细)."""

from ec_erp.documents.sets import SetRow


class StockEntryItem(SetRow):
    """A line of goods in or out (出入库明细)."""
