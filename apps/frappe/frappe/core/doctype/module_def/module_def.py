"""A part of an app that groups DocTypes and reports."""

from frappe.model.document import Document


class ModuleDef(Document):
    """A Module Def document."""
