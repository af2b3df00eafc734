"""Controller of the DocType Event Notifications."""

from frappe.model.document import Document


class EventNotifications(Document):
    """When and how people are told of an event before it starts."""
