"""Controller of the DocType Success Action."""

from frappe.model.document import Document


class SuccessAction(Document):
    """What the desk offers after a document of a DocType was first saved."""
