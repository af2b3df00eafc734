"""Controller of the DocType Global Search Settings."""

from frappe.model.document import Document


class GlobalSearchSettings(Document):
    """Which DocTypes the search over everything covers, and in what order."""
