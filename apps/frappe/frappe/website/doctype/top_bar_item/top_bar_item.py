"""Controller of the DocType Top Bar Item."""

from frappe.model.document import Document


class TopBarItem(Document):
    """A link in a menu of the site."""
