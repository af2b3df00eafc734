"""Controller of the DocType Log Settings."""

from frappe.model.document import Document


class LogSettings(Document):
    """How long the logs of this site are kept."""
