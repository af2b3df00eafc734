"""A member of a user group."""

from frappe.model.document import Document


class UserGroupMember(Document):
    """One row of User Group Member; its parent validates it."""
