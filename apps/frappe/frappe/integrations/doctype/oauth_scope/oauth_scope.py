"""Controller of the DocType OAuth Scope."""

from frappe.model.document import Document


class OAuthScope(Document):
    """A scope that is asked for or granted."""
