"""Controller of the DocType Form Tour Step."""

from frappe.model.document import Document


class FormTourStep(Document):
    """A field that a tour points at, and what it says."""
