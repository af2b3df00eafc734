"""Shop: one shop on one platform (店铺)."""

from ec_erp.channels.flows import sending, shops
from ec_erp.documents.ledger import NameInLedgers
from ec_erp.documents.sets import SetDocument


class Shop(NameInLedgers, SetDocument):
    """A shop whose orders belong to a company."""

    def fill_defaults(self) -> None:
        """Give it the default company and its currency."""
        shops.fill_shop(self)

    def check(self) -> None:
        """Refuse a warehouse that serves no orders, and a writer of stock that can't work."""
        shops.check_shop(self)
        sending.check_writer(self)
