"""Stock Alerts: what is below or above its bounds (库存预警)."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.inventory.flows import watching
from ec_erp.inventory.flows.report_columns import HEAD, Column, columns_of
from ec_erp.kernel.problems import N_

TITLE = N_("Stock Alerts")  # the report's name, as menus translate it
_COLUMNS: tuple[Column, ...] = (
    *HEAD,
    ("state", N_("State"), "Data", "", 90),
    ("available", N_("Available"), "Float", "", 100),
    ("lower", N_("Lower Bound"), "Float", "", 110),
    ("upper", N_("Upper Bound"), "Float", "", 110),
    ("gap", N_("Too Few or Too Many"), "Float", "", 130),
    ("per_day", N_("Sales per Day"), "Float", "", 110),
    ("cover_days", N_("Lasts (Days)"), "Float", "", 100),
    ("rule", N_("Rule"), "Link", "Stock Alert Rule", 150),
)


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """Return columns, rows, no message and a chart.

    Filters: company, warehouse, category, brand, goods_class, sku, ``every`` (also what is within).
    """
    wanted = frappe._dict(filters or {})
    asked = watching.asked_of(wanted)
    today = frappe.utils.now_datetime().date()
    rows = watching.alerts(asked, today, every=bool(wanted.every)) if asked else []
    counts = {state: sum(row["state"] == state for row in rows) for state in ("Below", "Above", "Within")}
    shown = [{**row, "state": frappe._(row["state"])} for row in rows]
    labels = [frappe._(state) for state in counts]
    chart = {"data": {"labels": labels, "datasets": [{"values": list(counts.values())}]}, "type": "bar"}
    return columns_of(_COLUMNS), shown, None, chart if rows else None
