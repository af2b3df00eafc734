"""Controller of the DocType View Log."""

from frappe.model.document import Document


class ViewLog(Document):
    """Who looked at a document, for DocTypes that track views."""
