"""Dock Exception: days on which a warehouse's docks are closed, or open against their weekdays (月台例外日)."""

from frappe.model.document import Document

from ec_erp.purchasing.flows import appointment


class DockException(Document):
    """Some days, of all docks of a warehouse or of one slot."""

    def validate(self) -> None:
        """Refuse what is no span of days, or a slot of another warehouse; tell what is booked on days that close."""
        appointment.check_exception(self)
