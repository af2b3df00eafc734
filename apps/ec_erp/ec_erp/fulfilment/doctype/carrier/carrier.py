"""A carrier of parcels (物流公司)."""

from frappe.model.document import Document

from ec_erp.orders.flows import carriers
from ec_erp.orders.store.carriers import forget_carriers


class Carrier(Document):
    """A carrier of parcels (物流公司)."""

    def validate(self) -> None:
        """Refuse a share that is more than everything."""
        carriers.check_carrier(self)

    def on_update(self) -> None:
        """Let orders see changed caps, and whether it takes parcels at all."""
        forget_carriers()

    def on_trash(self) -> None:
        """Let orders forget it."""
        forget_carriers()
