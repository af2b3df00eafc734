"""Controller of the DocType Website Sidebar Item."""

from frappe.model.document import Document


class WebsiteSidebarItem(Document):
    """A link of a sidebar."""
