"""A place in a warehouse where goods lie (货位)."""

from ec_erp.documents.ledger import NameInLedgers
from ec_erp.documents.sets import SetDocument
from ec_erp.inventory.flows import bins


class StorageBin(NameInLedgers, SetDocument):
    """A place in a warehouse where goods lie."""

    def fill_defaults(self) -> None:
        """Take the kind of its zone."""
        bins.fill_bin(self)

    def check(self) -> None:
        """Refuse a zone of another warehouse."""
        bins.check_bin(self)

    def on_update(self) -> None:
        """Freeze or free what lies in it."""
        bins.bin_changed(self)
