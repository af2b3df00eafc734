"""Controller of the DocType Website Settings."""

from frappe.model.document import Document


class WebsiteSettings(Document):
    """Home page, menus, logo and scripts of the public site."""
