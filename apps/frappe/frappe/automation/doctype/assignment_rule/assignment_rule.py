"""Controller of the DocType Assignment Rule."""

from frappe.model.document import Document


class AssignmentRule(Document):
    """Gives new documents to users in turn, by load, or by a field."""
