"""Controller of the DocType Dashboard Chart Source: charts that an app works out by a method of its own."""

import frappe
from frappe.desk.doctype.dashboard_chart.dashboard_chart import source_script
from frappe.model.document import Document


class DashboardChartSource(Document):
    """The name of a source; its script says which method is called, with which filters."""


@frappe.whitelist()
def get_config(name: str) -> str:
    """Give the script of a source."""
    return source_script(name)
