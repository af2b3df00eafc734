"""Delivery Restriction: Where nobody, a carrier or a warehouse does not deliver (停发区域)."""

from ec_erp.documents.sets import SetDocument
from ec_erp.orders.flows import addresses


class DeliveryRestriction(SetDocument):
    """Where nobody, a carrier or a warehouse does not deliver (停发区域)."""

    def check(self) -> None:
        """Refuse a place that does not exist, and days that end before they begin."""
        addresses.check_restriction(self)

    def on_update(self) -> None:
        """Have orders looked at by it."""
        addresses.forget_restrictions()

    def on_trash(self) -> None:
        """Have orders no longer looked at by it."""
        super().on_trash()
        addresses.forget_restrictions()
