"""Controller of the DocType DocType Layout."""

from frappe.model.document import Document


class DocTypeLayout(Document):
    """Another selection and order of the fields of a DocType, with a route of its own."""
