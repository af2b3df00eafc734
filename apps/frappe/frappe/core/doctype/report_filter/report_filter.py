"""A filter of a report."""

from frappe.model.document import Document


class ReportFilter(Document):
    """One row of Report Filter; its parent validates it."""
