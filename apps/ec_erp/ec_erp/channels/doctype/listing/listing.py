"""Listing: an item of a shop, and which SKU it is (平台商品)."""

from ec_erp.channels.flows import listings
from ec_erp.documents.sets import SetDocument


class Listing(SetDocument):
    """An item of a shop on its platform."""

    def check(self) -> None:
        """Complete it; say whether it is matched."""
        listings.check_listing(self)

    def on_update(self) -> None:
        """Let waiting orders have their SKU."""
        listings.follow_listing(self)
