"""SKU Unit: another unit of a SKU, and how many stock units it is (辅助单位)."""

from ec_erp.documents.sets import SetRow


class SKUUnit(SetRow):
    """A unit with its ratio."""
