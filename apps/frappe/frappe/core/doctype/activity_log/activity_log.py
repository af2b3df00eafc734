"""Controller of the DocType Activity Log."""

from frappe.model.document import Document


class ActivityLog(Document):
    """Sign-ins and other actions of users."""
