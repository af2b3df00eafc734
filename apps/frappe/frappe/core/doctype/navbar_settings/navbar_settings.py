"""Controller of the DocType Navbar Settings."""

from frappe.model.document import Document


class NavbarSettings(Document):
    """Logo and menus of the bar at the top of the desk."""
