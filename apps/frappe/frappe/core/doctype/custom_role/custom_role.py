"""Roles that replace those of a page or report on this site."""

from frappe.model.document import Document


class CustomRole(Document):
    """A Custom Role document."""
