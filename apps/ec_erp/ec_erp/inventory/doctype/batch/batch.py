"""Goods of one SKU that were made together (批次)."""

from ec_erp.documents.ledger import NameInLedgers
from ec_erp.documents.sets import SetDocument
from ec_erp.inventory.flows import batches


class Batch(NameInLedgers, SetDocument):
    """Goods of one SKU that were made together."""

    def autoname(self) -> None:
        """Name it by SKU and batch number."""
        self.name = batches.batch_name(self.sku, self.batch_no)

    def fill_defaults(self) -> None:
        """Work out when it expires and until when it may be sold."""
        batches.fill_batch(self)

    def check(self) -> None:
        """Refuse dates that can't be."""
        batches.check_batch(self)

    def on_update(self) -> None:
        """Freeze or free its goods."""
        batches.batch_changed(self)
