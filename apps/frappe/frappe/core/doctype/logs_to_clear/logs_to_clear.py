"""Controller of the DocType Logs To Clear."""

from frappe.model.document import Document


class LogsToClear(Document):
    """A log and the days after which its rows are deleted."""
