"""An entry in a menu of the navigation bar."""

from frappe.model.document import Document


class NavbarItem(Document):
    """One row of Navbar Item; its parent validates it."""
