"""SKU: the only stock-keeping level (规格)."""

from ec_erp.catalog import flows
from ec_erp.documents.ledger import NameInLedgers
from ec_erp.documents.sets import SetDocument


class SKU(NameInLedgers, SetDocument):
    """A thing that is bought, stocked and sold."""

    def fill_defaults(self) -> None:
        """Complete what was not said."""
        flows.fill_sku(self)

    def check(self) -> None:
        """Refuse codes, barcodes and options that can't work."""
        flows.check_sku(self)
