"""One piece that can be told from all others (序列号)."""

from ec_erp.documents.ledger import NameInLedgers
from ec_erp.documents.sets import SetDocument
from ec_erp.inventory.flows import serials


class SerialNo(NameInLedgers, SetDocument):
    """One piece that can be told from all others."""

    def check(self) -> None:
        """Refuse a number for goods that have none, and a changed state: only movements change it."""
        serials.check_serial(self)
