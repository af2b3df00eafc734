"""Order Rule: what is decided about orders by itself (订单规则)."""

from ec_erp.documents.sets import SetDocument
from ec_erp.orders.flows import ruling


class OrderRule(SetDocument):
    """A rule of the pipeline; orders follow it once it is published."""

    def check(self) -> None:
        """Refuse what can't be followed; say whether what is here is published."""
        ruling.follow_rule(self)
