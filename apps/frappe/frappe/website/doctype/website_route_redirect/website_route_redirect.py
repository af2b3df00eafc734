"""Controller of the DocType Website Route Redirect."""

from frappe.model.document import Document


class WebsiteRouteRedirect(Document):
    """An old address and where it leads now."""
