"""Controller of the DocType Dashboard Chart."""

from frappe.model.document import Document


class DashboardChart(Document):
    """A chart of documents, of a report, or of an app's own source."""
