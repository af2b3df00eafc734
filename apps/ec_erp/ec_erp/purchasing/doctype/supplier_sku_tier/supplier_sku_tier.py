"""A price of a supplier from a quantity on, for a while (阶梯价)."""

from ec_erp.documents.sets import SetRow


class SupplierSKUTier(SetRow):
    """A price of a supplier from a quantity on, for a while (阶梯价)."""
