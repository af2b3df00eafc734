"""Modules that are hidden together."""

from frappe.model.document import Document


class ModuleProfile(Document):
    """A Module Profile document."""
