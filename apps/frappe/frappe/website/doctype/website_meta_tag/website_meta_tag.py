"""Controller of the DocType Website Meta Tag."""

from frappe.model.document import Document


class WebsiteMetaTag(Document):
    """A meta tag of a page."""
