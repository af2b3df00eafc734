"""One field of a DocType: what it holds, how it looks, who may use it."""

from frappe.model.document import Document


class DocField(Document):
    """One row of DocField; its parent validates it."""
