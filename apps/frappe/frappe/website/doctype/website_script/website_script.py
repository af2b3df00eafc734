"""Controller of the DocType Website Script."""

from frappe.model.document import Document


class WebsiteScript(Document):
    """JavaScript that runs on every page of the site."""
