"""Supplier SKU: what a supplier sells a SKU for, and how it is ordered there (供应商商品)."""

from ec_erp.documents.sets import SetDocument
from ec_erp.purchasing.flows import prices


class SupplierSKU(SetDocument):
    """Price, minimum, pack and lead time of a SKU at a supplier."""

    def fill_defaults(self) -> None:
        """Complete what was not said."""
        prices.fill_supplier_sku(self)

    def check(self) -> None:
        """Refuse what breaks a rule."""
        prices.check_supplier_sku(self)

    def after_insert(self) -> None:
        """Know what was paid before the terms were written down."""
        prices.learn_of_new(self)

    def on_update(self) -> None:
        """Let a SKU have one primary supplier."""
        prices.keep_one_primary(self)
