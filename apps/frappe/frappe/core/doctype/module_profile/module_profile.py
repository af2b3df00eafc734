"""Controller of the DocType Module Profile."""

from frappe.model.document import Document


class ModuleProfile(Document):
    """Modules that are hidden together."""
