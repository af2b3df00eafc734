"""Price List: what goods are sold for to some customers or in some shops (价格表)."""

from ec_erp.catalog.flows import prices
from ec_erp.documents.sets import SetDocument


class PriceList(SetDocument):
    """A kind of price, a percentage of it, and prices of its own."""

    def check(self) -> None:
        """Refuse periods that can't be."""
        prices.check_price_list(self)
