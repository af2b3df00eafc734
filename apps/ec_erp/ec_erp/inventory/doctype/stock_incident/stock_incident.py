"""Figures about stock that contradict each other (库存异常)."""

from ec_erp.documents.sets import SetDocument
from ec_erp.inventory.flows import checking


class StockIncident(SetDocument):
    """A contradiction that the checker found; it resolves it when the figures agree again."""

    def onload(self) -> None:
        """Say what it means and what to do."""
        checking.fill_incident(self)
