"""How stock is watched over."""

from ec_erp.documents.sets import SetDocument


class InventorySettings(SetDocument):
    """Moments of the continuous check, and from which exposure on people are told."""
