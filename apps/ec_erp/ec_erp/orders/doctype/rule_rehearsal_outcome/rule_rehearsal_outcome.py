"""Rule Rehearsal Outcome: how many orders come out in a way, now and with the new rules (演练结果)."""

from frappe.model.document import Document


class RuleRehearsalOutcome(Document):
    """How many orders come out in a way, now and with the new rules."""
