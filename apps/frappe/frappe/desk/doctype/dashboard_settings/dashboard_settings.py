"""Controller of the DocType Dashboard Settings."""

from frappe.model.document import Document


class DashboardSettings(Document):
    """The filters a user has set on charts."""
