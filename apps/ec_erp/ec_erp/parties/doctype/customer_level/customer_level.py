"""Customer Level: customers who get the same prices (客户等级)."""

from ec_erp.documents.sets import SetDocument


class CustomerLevel(SetDocument):
    """A level with its price list."""
