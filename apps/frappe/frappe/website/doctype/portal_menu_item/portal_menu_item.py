"""Controller of the DocType Portal Menu Item."""

from frappe.model.document import Document


class PortalMenuItem(Document):
    """An entry of the portal menu."""
