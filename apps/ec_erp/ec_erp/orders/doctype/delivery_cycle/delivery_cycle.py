"""Delivery Cycle: the turns in which a paid order is delivered (周期购)."""

from frappe.model.document import Document


class DeliveryCycle(Document):
    """The turns of an order; flows change it, nobody edits it."""
