"""Controller of the DocType Dashboard Chart Link."""

from frappe.model.document import Document


class DashboardChartLink(Document):
    """A chart on a dashboard."""
