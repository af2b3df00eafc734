"""A zone of a warehouse: a group of bins of one kind (库区)."""

from ec_erp.documents.ledger import NameInLedgers
from ec_erp.documents.sets import SetDocument
from ec_erp.inventory.flows import bins


class WarehouseZone(NameInLedgers, SetDocument):
    """A group of bins of one kind."""

    def check(self) -> None:
        """Refuse codes that names can't be made of, and another kind while there is stock."""
        bins.check_zone(self)

    def on_update(self) -> None:
        """Hand its kind on to its bins."""
        bins.zone_changed(self)
