"""Tax Class: tax code, rate and preferential policy of goods (税收分类)."""

from ec_erp.catalog.flows import taxes
from ec_erp.documents.sets import SetDocument


class TaxClass(SetDocument):
    """A code with its rate; SKUs follow it."""

    def check(self) -> None:
        """Refuse codes and rates that can't be."""
        taxes.check_tax_class(self)

    def on_update(self) -> None:
        """Give the class's SKUs its rate."""
        taxes.follow_tax_class(self)

    def on_trash(self) -> None:
        """Refuse while SKUs have it."""
        taxes.refuse_used_class(self)
