"""Controller of the DocType Report Filter."""

from frappe.model.document import Document


class ReportFilter(Document):
    """A filter of a report."""
