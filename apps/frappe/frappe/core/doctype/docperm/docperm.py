"""What a role may do with the documents of a DocType."""

from frappe.model.document import Document


class DocPerm(Document):
    """One row of DocPerm; its parent validates it."""
