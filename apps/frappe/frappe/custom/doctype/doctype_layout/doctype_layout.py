"""Another selection and order of the fields of a DocType, with a route of its own."""

from frappe.model.document import Document


class DocTypeLayout(Document):
    """A DocType Layout document."""
