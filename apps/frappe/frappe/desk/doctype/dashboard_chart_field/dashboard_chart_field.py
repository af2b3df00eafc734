"""Controller of the DocType Dashboard Chart Field."""

from frappe.model.document import Document


class DashboardChartField(Document):
    """A series of a report chart."""
