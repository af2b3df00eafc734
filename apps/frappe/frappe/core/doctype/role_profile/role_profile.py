"""Roles that belong together and are given as one."""

from frappe.model.document import Document


class RoleProfile(Document):
    """A Role Profile document."""
