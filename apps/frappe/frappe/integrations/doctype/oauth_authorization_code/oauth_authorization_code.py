"""Controller of the DocType OAuth Authorization Code."""

from frappe.model.document import Document


class OAuthAuthorizationCode(Document):
    """A short-lived code that a client turns into a token."""
