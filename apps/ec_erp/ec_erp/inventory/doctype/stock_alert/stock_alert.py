"""Stock that has crossed a bound (库存预警)."""

from ec_erp.documents.sets import SetDocument


class StockAlert(SetDocument):
    """Stock that has crossed a bound (库存预警)."""
