"""A charge beside the goods of an order or delivery (其他费用)."""

from ec_erp.documents.sets import SetRow


class OrderCharge(SetRow):
    """A charge beside the goods of an order or delivery (其他费用)."""
