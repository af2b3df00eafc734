"""One condition of a naming rule."""

from frappe.model.document import Document


class DocumentNamingRuleCondition(Document):
    """One row of Document Naming Rule Condition; its parent validates it."""
