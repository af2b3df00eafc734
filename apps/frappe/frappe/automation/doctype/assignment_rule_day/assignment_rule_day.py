"""Controller of the DocType Assignment Rule Day."""

from frappe.model.document import Document


class AssignmentRuleDay(Document):
    """A day of the week on which a rule assigns."""
