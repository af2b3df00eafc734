"""Controller of the DocType Role Profile."""

from frappe.model.document import Document


class RoleProfile(Document):
    """Roles that belong together and are given as one."""
