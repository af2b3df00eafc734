"""Controller of the DocType Letter Head."""

from frappe.model.document import Document


class LetterHead(Document):
    """What stands above and below a printed document."""
