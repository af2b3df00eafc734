"""Controller of the DocType Notification Subscribed Document."""

from frappe.model.document import Document


class NotificationSubscribedDocument(Document):
    """A DocType of which a user sees the open documents."""
