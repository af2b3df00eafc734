"""A column of a report."""

from frappe.model.document import Document


class ReportColumn(Document):
    """One row of Report Column; its parent validates it."""
