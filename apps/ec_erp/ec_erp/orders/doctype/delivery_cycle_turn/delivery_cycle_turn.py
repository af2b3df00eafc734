"""A delivery of a cycle: when it is due, and which order it got (周期购明细)."""

from frappe.model.document import Document


class DeliveryCycleTurn(Document):
    """A delivery of a cycle: when it is due, and which order it got (周期购明细)."""
