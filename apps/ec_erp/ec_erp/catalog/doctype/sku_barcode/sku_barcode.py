"""A barcode of a SKU with the units one scan counts (条码)."""

from ec_erp.documents.sets import SetRow


class SKUBarcode(SetRow):
    """A barcode of a SKU with the units one scan counts (条码)."""
