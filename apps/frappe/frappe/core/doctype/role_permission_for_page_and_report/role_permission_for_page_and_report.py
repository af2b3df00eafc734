"""Sets the roles that may open a page or run a report."""

from frappe.model.document import Document


class RolePermissionforPageandReport(Document):
    """The settings document Role Permission for Page and Report."""
