"""Controller of the DocType Module Def."""

from frappe.model.document import Document


class ModuleDef(Document):
    """A part of an app that groups DocTypes and reports."""
