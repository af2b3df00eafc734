"""Supplier Scorecard: on time, defects, price trend and lead time of suppliers (供应商评分)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ec_erp.kernel.problems import N_
from ec_erp.purchasing.flows import scorecard

TITLE = N_("Supplier Scorecard")  # the report's name, as menus translate it


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return columns and rows. Filters: ``from_date`` (a year ago when left out), ``supplier``, ``by_sku``."""
    wanted = frappe._dict(filters or {})
    rows = scorecard.scorecard(wanted.from_date, wanted.supplier, by_sku=bool(wanted.by_sku))
    return _columns(by_sku=bool(wanted.by_sku)), rows


def _columns(*, by_sku: bool) -> list[dict[str, Any]]:
    columns = [_column("supplier", _("Supplier"), "Link", 180, options="Supplier")]
    if by_sku:
        columns.append(_column("sku", _("SKU"), "Link", 140, options="SKU"))
    kept = [
        _column("appointments", _("Appointments"), "Int", 110),
        _column("late_percent", _("Late to Appointments (%)"), "Percent", 130),
        _column("missed_percent", _("No-Shows (%)"), "Percent", 110),
    ]
    return [
        *columns,
        _column("receipts", _("Receipts"), "Int", 90),
        _column("qty", _("Units Received"), "Float", 110),
        _column("on_time_percent", _("On Time (%)"), "Percent", 100),
        _column("defect_percent", _("Defects (%)"), "Percent", 100),
        _column("price_trend_percent", _("Price Trend (%)"), "Percent", 110),
        _column("lead_days", _("Lead Time (Days)"), "Float", 120),
        _column("lead_spread", _("Spread (Days)"), "Float", 110),
        *([] if by_sku else kept),
    ]


def _column(fieldname: str, label: str, fieldtype: str, width: int, **more: Any) -> dict[str, Any]:
    return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **more}
