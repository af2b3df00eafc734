"""Controller of the DocType DocField."""

from frappe.model.document import Document


class DocField(Document):
    """One field of a DocType: what it holds, how it looks, who may use it."""
