"""Controller of the DocType OAuth Client."""

from frappe.model.document import Document


class OAuthClient(Document):
    """A program that users allow to act for them."""
