"""A line of a delivery or return (发货明细)."""

from ec_erp.documents.sets import SetRow


class DeliveryNoteItem(SetRow):
    """A line of a delivery or return (发货明细)."""
