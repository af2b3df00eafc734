"""Freight Rule: a carrier's price table (运费模板)."""

from ec_erp.documents.sets import SetDocument
from ec_erp.orders.flows import sourcing


class FreightRule(SetDocument):
    """What a carrier asks for parcels, by region and weight."""

    def check(self) -> None:
        """Refuse a table that says two things of a place, or something that can't be meant."""
        sourcing.check_freight_rule(self)

    def on_update(self) -> None:
        """Let orders see the new prices."""
        sourcing.forget_freight()

    def on_trash(self) -> None:
        """Let orders forget the prices."""
        sourcing.forget_freight()
