"""Controller of the DocType Navbar Item."""

from frappe.model.document import Document


class NavbarItem(Document):
    """An entry in a menu of the navigation bar."""
