"""Controller of the DocType Notification Log."""

from frappe.model.document import Document


class NotificationLog(Document):
    """A notice to one user in the desk."""
