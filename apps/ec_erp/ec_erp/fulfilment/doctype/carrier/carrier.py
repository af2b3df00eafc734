"""A carrier of parcels (物流公司)."""

from frappe.model.document import Document

from ec_erp.orders.store.carriers import forget_caps


class Carrier(Document):
    """A carrier of parcels (物流公司)."""

    def on_update(self) -> None:
        """Let orders see changed caps."""
        forget_caps()

    def on_trash(self) -> None:
        """Let orders forget its caps."""
        forget_caps()
