"""Controller of the DocType Web Template Field."""

from frappe.model.document import Document


class WebTemplateField(Document):
    """A field whose value goes into a template."""
