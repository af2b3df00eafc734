"""Company: whose books are kept (公司)."""

from ec_erp.accounting import flows
from ec_erp.documents.ledger import NameInLedgers
from ec_erp.documents.sets import SetDocument


class Company(NameInLedgers, SetDocument):
    """A legal entity with one currency and one chart of accounts."""

    def check(self) -> None:
        """Refuse accounts that are not the company's own."""
        flows.check_company(self)

    def after_insert(self) -> None:
        """Create the chart of accounts."""
        flows.open_books(self)
