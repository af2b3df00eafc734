"""Figures about stock that contradict each other (库存异常)."""

from ec_erp.documents.sets import SetDocument


class StockIncident(SetDocument):
    """A contradiction that the checker found; it resolves it when the figures agree again."""
