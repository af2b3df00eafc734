"""Controller of the DocType Milestone."""

from frappe.model.document import Document


class Milestone(Document):
    """When a document took a value that is tracked."""
