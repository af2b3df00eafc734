"""Controller of the DocType Dashboard Settings.

Invariant: one record per user, changed by that user alone.
"""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe._parameters import dict_parameter
from frappe.model.document import Document
from frappe.utils import cint


class DashboardSettings(Document):
    """What a user chose for charts: filters, spans, kinds."""


@frappe.whitelist()
def create_dashboard_settings(user: str | None = None) -> Any:
    """Make the settings of the one who asks, unless they are there; give them."""
    who = frappe.session.user
    if frappe.db.exists("Dashboard Settings", who):
        return frappe.get_doc("Dashboard Settings", who)
    settings = frappe.new_doc("Dashboard Settings")
    settings.update({"name": who, "user": who, "chart_config": "{}"})
    return settings.insert(ignore_permissions=True, set_name=who)


@frappe.whitelist()
def save_chart_config(reset: Any, config: Any, chart_name: str) -> None:
    """Keep what a user chose for a chart, or forget it with `reset`."""
    settings = create_dashboard_settings()
    chosen = json.loads(settings.chart_config or "{}")
    chosen[chart_name] = {} if cint(reset) else {**chosen.get(chart_name, {}), **dict_parameter(config, "config")}
    frappe.db.set_value("Dashboard Settings", settings.name, "chart_config", json.dumps(chosen))
