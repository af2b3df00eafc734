"""Dock Slot: a window in which a warehouse takes deliveries (月台时段)."""

from frappe.model.document import Document

from ec_erp.purchasing.flows import appointment


class DockSlot(Document):
    """A window with room for so many deliveries and cartons a day."""

    def validate(self) -> None:
        """Refuse what is no window."""
        appointment.check_slot(self)
