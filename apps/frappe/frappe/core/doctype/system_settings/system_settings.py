"""Controller of the DocType System Settings."""

from frappe.model.document import Document


class SystemSettings(Document):
    """Language, formats, security and limits of this site."""
