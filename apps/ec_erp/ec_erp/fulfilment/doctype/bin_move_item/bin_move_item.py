"""Goods that go from one bin to another (移位明细)."""

from ec_erp.documents.sets import SetRow


class BinMoveItem(SetRow):
    """Goods that go from one bin to another (移位明细)."""
