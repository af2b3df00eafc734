"""Shops that share quotas of stock (渠道组)."""

from ec_erp.documents.sets import SetDocument
from ec_erp.inventory.flows import quotas


class ChannelGroup(SetDocument):
    """Shops that share quotas of stock."""

    def check(self) -> None:
        """Refuse a shop that belongs to another group."""
        quotas.check_group(self)
