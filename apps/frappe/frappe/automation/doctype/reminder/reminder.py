"""Controller of the DocType Reminder."""

from frappe.model.document import Document


class Reminder(Document):
    """A note to oneself at a time, about a document or not."""
