"""Controller of the DocType Report Column."""

from frappe.model.document import Document


class ReportColumn(Document):
    """A column of a report."""
