"""Landed Cost: freight, duty and the like on goods that were received (采购费用分摊)."""

from collections.abc import Sequence
from typing import Any

from ec_erp.documents.sets import SetDocument
from ec_erp.purchasing.flows import landing


class LandedCost(SetDocument):
    """Costs of getting goods here; submitted the goods are worth more by them."""

    def fill_defaults(self) -> None:
        """List the goods of the receipts."""
        landing.fill_cost(self)

    def check(self) -> None:
        """Refuse what cannot bear costs; share them out."""
        landing.check_cost(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Post."""
        landing.post_costs(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Take them off again."""
        landing.cancel_costs(docs)
