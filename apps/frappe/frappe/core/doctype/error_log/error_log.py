"""Controller of the DocType Error Log."""

from frappe.model.document import Document


class ErrorLog(Document):
    """An error with its traceback and where it happened."""
