"""Controller of the DocType User Group."""

from frappe.model.document import Document


class UserGroup(Document):
    """Users who can be mentioned together."""
