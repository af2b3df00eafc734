"""A domain that is active."""

from frappe.model.document import Document


class HasDomain(Document):
    """One row of Has Domain; its parent validates it."""
