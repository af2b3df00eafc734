"""A log and the days after which its rows are deleted."""

from frappe.model.document import Document


class LogsToClear(Document):
    """One row of Logs To Clear; its parent validates it."""
