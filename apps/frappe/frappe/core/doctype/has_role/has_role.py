"""Controller of the DocType Has Role."""

from frappe.model.document import Document


class HasRole(Document):
    """A role that a user, page, report or workspace has."""
