"""A line of an order (订单明细)."""

from ec_erp.documents.sets import SetRow


class SalesOrderItem(SetRow):
    """A line of an order (订单明细)."""
