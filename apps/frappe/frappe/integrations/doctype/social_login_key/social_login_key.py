"""Controller of the DocType Social Login Key."""

from frappe.model.document import Document


class SocialLoginKey(Document):
    """A provider with whose account users can sign in."""
