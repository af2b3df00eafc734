"""Permission rules that replace those of a DocType on this site."""

from frappe.model.document import Document


class CustomDocPerm(Document):
    """A Custom DocPerm document."""
