"""Controller of the DocType Token Cache."""

from frappe.model.document import Document


class TokenCache(Document):
    """The token of one user at a connected service."""
