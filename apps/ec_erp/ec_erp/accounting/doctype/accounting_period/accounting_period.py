"""Accounting Period: a span of days that can be closed (会计期间)."""

from ec_erp.accounting import flows
from ec_erp.documents.sets import SetDocument


class AccountingPeriod(SetDocument):
    """A period of a company; a closed one takes no more postings."""

    def check(self) -> None:
        """Refuse a period that ends before it starts."""
        flows.check_period(self)
