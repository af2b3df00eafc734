"""Controller of the DocType Notification Recipient."""

from frappe.model.document import Document


class NotificationRecipient(Document):
    """Who gets a notification: a field of the document, a role, or addresses."""
