"""Controller of the DocType Custom Role."""

from frappe.model.document import Document


class CustomRole(Document):
    """Roles that replace those of a page or report on this site."""
