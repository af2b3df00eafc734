"""Users who can be mentioned together."""

from frappe.model.document import Document


class UserGroup(Document):
    """A User Group document."""
