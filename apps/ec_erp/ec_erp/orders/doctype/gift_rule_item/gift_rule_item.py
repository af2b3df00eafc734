"""Gift Rule Item: a gift of a gift rule (赠品)."""

from frappe.model.document import Document


class GiftRuleItem(Document):
    """A gift of a gift rule (赠品)."""
