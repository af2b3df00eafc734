"""Controller of the DocType Role Permission for Page and Report."""

from frappe.model.document import Document


class RolePermissionforPageandReport(Document):
    """Sets the roles that may open a page or run a report."""
