"""Controller of the DocType Website Sidebar."""

from frappe.model.document import Document


class WebsiteSidebar(Document):
    """Links beside the pages of the site."""
