"""Stock of a warehouse that is kept for a channel group (渠道锁定)."""

from ec_erp.documents.sets import SetDocument
from ec_erp.inventory.flows import quotas


class StockQuota(SetDocument):
    """Stock that a channel group alone may take."""

    def fill_defaults(self) -> None:
        """Take the company of the warehouse."""
        quotas.fill_quota(self)

    def check(self) -> None:
        """Refuse a second quota for the same goods and group; lock what it keeps, or give it back."""
        quotas.apply_quota(self)

    def on_trash(self) -> None:
        """Give back what it keeps."""
        quotas.drop_quota(self)
