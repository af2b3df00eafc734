"""Replenishment Policy: the parameters of suggestions, for a SKU, category, supplier, warehouse or company (补货策略)."""

from ec_erp.documents.sets import SetDocument
from ec_erp.purchasing.flows import suggestion


class ReplenishmentPolicy(SetDocument):
    """The parameters of suggestions for a part of the goods."""

    def check(self) -> None:
        """Refuse weights and dates that can't work."""
        suggestion.check_policy(self)
