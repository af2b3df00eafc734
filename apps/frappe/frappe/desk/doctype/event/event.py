"""Controller of the DocType Event."""

from frappe.model.document import Document


class Event(Document):
    """A meeting, call or other thing at a time."""
