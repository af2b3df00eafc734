"""Controller of the DocType DocType Layout Field."""

from frappe.model.document import Document


class DocTypeLayoutField(Document):
    """A field of a layout."""
