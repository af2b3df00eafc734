"""Controller of the DocType Portal Settings."""

from frappe.model.document import Document


class PortalSettings(Document):
    """The menu that customers and suppliers see after login."""
