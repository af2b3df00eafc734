"""Controller of the DocType Website Route Meta."""

from frappe.model.document import Document


class WebsiteRouteMeta(Document):
    """Meta tags of the page at an address."""
