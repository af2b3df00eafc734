"""Stock Policy: How much of what is sellable a shop is told (库存同步策略)."""

from ec_erp.channels.flows import publishing
from ec_erp.documents.sets import SetDocument


class StockPolicy(SetDocument):
    """How much of what is sellable a shop is told (库存同步策略)."""

    def check(self) -> None:
        """Refuse figures that can't work."""
        publishing.check_policy(self)

    def on_update(self) -> None:
        """Look again at what its listings are to publish."""
        publishing.follow_policy(self)

    def on_trash(self) -> None:
        """Look again at what its listings are to publish."""
        super().on_trash()
        publishing.forget_policy(self)
