"""Controller of the DocType Has Domain."""

from frappe.model.document import Document


class HasDomain(Document):
    """A domain that is active."""
