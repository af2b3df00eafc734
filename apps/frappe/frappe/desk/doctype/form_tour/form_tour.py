"""Controller of the DocType Form Tour."""

from frappe.model.document import Document


class FormTour(Document):
    """A guided walk over the fields of a form."""
