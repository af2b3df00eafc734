"""Controller of the DocType OAuth Client Role."""

from frappe.model.document import Document


class OAuthClientRole(Document):
    """A role whose users may use a client."""
