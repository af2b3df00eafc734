"""SKU Price: the price of a SKU in a list, from a quantity on, for a while (规格价格)."""

from ec_erp.catalog.flows import prices
from ec_erp.documents.sets import SetDocument


class SKUPrice(SetDocument):
    """One price of a list."""

    def check(self) -> None:
        """Refuse doubles and impossible periods."""
        prices.check_sku_price(self)
