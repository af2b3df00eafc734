"""Controller of the DocType User Group Member."""

from frappe.model.document import Document


class UserGroupMember(Document):
    """A member of a user group."""
