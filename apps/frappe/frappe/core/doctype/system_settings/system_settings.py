"""Language, formats, security and limits of this site."""

from frappe.model.document import Document


class SystemSettings(Document):
    """The settings document System Settings."""
