"""Gift Rule: which orders get which gifts (赠品规则)."""

from ec_erp.documents.sets import SetDocument
from ec_erp.orders.flows import ruling


class GiftRule(SetDocument):
    """A rule that gives goods; orders follow it once it is published."""

    def check(self) -> None:
        """Refuse what can't be followed; say whether what is here is published."""
        ruling.follow_rule(self)
