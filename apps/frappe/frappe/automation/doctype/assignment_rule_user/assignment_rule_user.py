"""Controller of the DocType Assignment Rule User."""

from frappe.model.document import Document


class AssignmentRuleUser(Document):
    """A user to whom a rule assigns."""
