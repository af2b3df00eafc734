"""Warehouse: where stock is kept (仓库)."""

from ec_erp.documents.ledger import NameInLedgers
from ec_erp.documents.sets import SetDocument
from ec_erp.inventory import flows
from ec_erp.inventory.flows import bins


class Warehouse(NameInLedgers, SetDocument):
    """A place of a company that holds stock."""

    def fill_defaults(self) -> None:
        """Give it the default company."""
        flows.fill_warehouse(self)

    def check(self) -> None:
        """Refuse a name that balances can't be made of, and bins of others."""
        flows.check_warehouse(self)

    def on_update(self) -> None:
        """Put what is there into a bin when bins are switched on."""
        bins.warehouse_changed(self)
