"""Controller of the DocType User Role Profile."""

from frappe.model.document import Document


class UserRoleProfile(Document):
    """A role profile of a user who has several."""
