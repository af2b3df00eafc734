"""Controller of the DocType User Role."""

from frappe.model.document import Document


class UserRole(Document):
    """A role that somebody who is invited will have."""
