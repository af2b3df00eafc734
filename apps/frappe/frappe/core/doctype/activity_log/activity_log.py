"""Sign-ins and other actions of users."""

from frappe.model.document import Document


class ActivityLog(Document):
    """An Activity Log document."""
