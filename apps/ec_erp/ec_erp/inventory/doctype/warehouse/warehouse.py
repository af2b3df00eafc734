"""Warehouse: where stock is kept (仓库)."""

from ec_erp.documents.ledger import NameInLedgers
from ec_erp.documents.sets import SetDocument
from ec_erp.inventory import flows


class Warehouse(NameInLedgers, SetDocument):
    """A place of a company that holds stock."""

    def fill_defaults(self) -> None:
        """Give it the default company."""
        flows.fill_warehouse(self)

    def check(self) -> None:
        """Refuse a name that balances can't be made of."""
        flows.check_warehouse(self)
