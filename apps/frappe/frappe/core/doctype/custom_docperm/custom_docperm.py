"""Controller of the DocType Custom DocPerm."""

from frappe.model.document import Document


class CustomDocPerm(Document):
    """Permission rules that replace those of a DocType on this site."""
