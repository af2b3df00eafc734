"""An error with its traceback and where it happened."""

from frappe.model.document import Document


class ErrorLog(Document):
    """An Error Log document."""
