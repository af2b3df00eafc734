"""Controller of the DocType Auto Repeat Day."""

from frappe.model.document import Document


class AutoRepeatDay(Document):
    """A day of the week on which a document is repeated."""
