"""Logo and menus of the bar at the top of the desk."""

from frappe.model.document import Document


class NavbarSettings(Document):
    """The settings document Navbar Settings."""
