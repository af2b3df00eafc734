"""Controller of the DocType Push Notification Settings."""

from frappe.model.document import Document


class PushNotificationSettings(Document):
    """Whether a relay sends notifications to people's devices."""
