"""A role that a user, page, report or workspace has."""

from frappe.model.document import Document


class HasRole(Document):
    """One row of Has Role; its parent validates it."""
