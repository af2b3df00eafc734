"""Controller of the DocType Route History."""

from frappe.model.document import Document


class RouteHistory(Document):
    """The pages of the desk that a user has opened."""
