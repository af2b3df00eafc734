"""Wave Rule: which orders are picked together, and when (波次规则)."""

from ec_erp.documents.sets import SetDocument
from ec_erp.fulfilment.flows import waves


class WaveRule(SetDocument):
    """Which orders of a warehouse are picked together, and when."""

    def check(self) -> None:
        """Refuse sizes that can't be met."""
        waves.check_rule(self)
