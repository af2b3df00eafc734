"""Who looked at a document, for DocTypes that track views."""

from frappe.model.document import Document


class ViewLog(Document):
    """A View Log document."""
