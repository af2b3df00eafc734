"""A field of a layout."""

from frappe.model.document import Document


class DocTypeLayoutField(Document):
    """One row of DocType Layout Field; its parent validates it."""
