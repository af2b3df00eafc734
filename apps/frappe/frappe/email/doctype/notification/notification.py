"""Controller of the DocType Notification."""

from frappe.model.document import Document


class Notification(Document):
    """Tells people when something happens to a document."""
