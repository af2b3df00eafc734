"""Controller of the DocType Website Theme."""

from frappe.model.document import Document


class WebsiteTheme(Document):
    """Colours, fonts and styles of the public site."""
