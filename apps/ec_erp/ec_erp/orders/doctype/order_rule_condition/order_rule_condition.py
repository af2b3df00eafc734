"""Order Rule Condition: one condition of a rule (规则条件)."""

from frappe.model.document import Document


class OrderRuleCondition(Document):
    """One condition of a rule (规则条件)."""
