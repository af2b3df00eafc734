"""Controller of the DocType OAuth Bearer Token."""

from frappe.model.document import Document


class OAuthBearerToken(Document):
    """A token with which a client acts for a user."""
