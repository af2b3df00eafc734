"""Rule Rehearsal Row: an order whose outcome changes (变化的订单)."""

from frappe.model.document import Document


class RuleRehearsalRow(Document):
    """An order whose outcome changes (变化的订单)."""
