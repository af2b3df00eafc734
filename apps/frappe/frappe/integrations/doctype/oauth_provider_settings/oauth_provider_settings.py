"""Controller of the DocType OAuth Provider Settings."""

from frappe.model.document import Document


class OAuthProviderSettings(Document):
    """How this site authorises programs of others."""
