"""Which values users can choose for their session."""

from frappe.model.document import Document


class SessionDefaultSettings(Document):
    """The settings document Session Default Settings."""
