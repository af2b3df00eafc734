"""What the desk offers after a document of a DocType was first saved."""

from frappe.model.document import Document


class SuccessAction(Document):
    """A Success Action document."""
