"""Controller of the DocType Session Default Settings."""

from frappe.model.document import Document


class SessionDefaultSettings(Document):
    """Which values users can choose for their session."""
