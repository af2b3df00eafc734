"""Order Rule Action: what a rule does (规则动作)."""

from frappe.model.document import Document


class OrderRuleAction(Document):
    """What a rule does (规则动作)."""
