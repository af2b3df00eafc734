"""How long the logs of this site are kept."""

from frappe.model.document import Document


class LogSettings(Document):
    """The settings document Log Settings."""
