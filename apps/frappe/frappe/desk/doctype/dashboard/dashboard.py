"""Controller of the DocType Dashboard."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document


class Dashboard(Document):
    """Charts and numbers on one page."""

    def validate(self) -> None:
        """Refuse options that are no JSON."""
        if self.chart_options and not isinstance(frappe.parse_json(self.chart_options), dict):
            frappe.throw(_("Invalid JSON in chart options"))

    def on_update(self) -> None:
        """Let no other dashboard be the default."""
        if self.is_default:
            others = {"is_default": 1, "name": ["!=", self.name]}
            for name in frappe.get_all("Dashboard", others, pluck="name"):
                frappe.db.set_value("Dashboard", name, "is_default", 0)


@frappe.whitelist()
def get_permitted_charts(dashboard_name: str) -> list[Any]:
    """Give the charts of a dashboard that the one who asks may see, with the dashboard's options."""
    dashboard = frappe.get_doc("Dashboard", dashboard_name)
    dashboard.check_permission("read")
    options = dashboard.chart_options or "{}"
    found = []
    for row in dashboard.charts:
        if frappe.has_permission("Dashboard Chart", "read", doc=row.chart):
            found.append({"chart": row.chart, "width": row.width, "chart_options": options})
    return found


@frappe.whitelist()
def get_permitted_cards(dashboard_name: str) -> list[Any]:
    """Give the numbers of a dashboard that the one who asks may see."""
    dashboard = frappe.get_doc("Dashboard", dashboard_name)
    dashboard.check_permission("read")
    return [{"card": row.card} for row in dashboard.cards if frappe.has_permission("Number Card", "read", doc=row.card)]
