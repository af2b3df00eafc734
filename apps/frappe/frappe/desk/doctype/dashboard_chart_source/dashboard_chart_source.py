"""Controller of the DocType Dashboard Chart Source."""

from frappe.model.document import Document


class DashboardChartSource(Document):
    """A method of an app that supplies the data of a chart."""
