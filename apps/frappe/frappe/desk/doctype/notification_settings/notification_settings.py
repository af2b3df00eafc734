"""Controller of the DocType Notification Settings."""

from frappe.model.document import Document


class NotificationSettings(Document):
    """Which notices a user gets, in the desk and by mail."""
