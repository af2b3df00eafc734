"""A role profile of a user who has several."""

from frappe.model.document import Document


class UserRoleProfile(Document):
    """One row of User Role Profile; its parent validates it."""
