"""Supplier Scorecard: on time, defects, price trend and lead time of suppliers (供应商评分)."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.purchasing.flows import scorecard


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return columns and rows. Filters: ``from_date`` (a year ago when left out), ``supplier``, ``by_sku``."""
    wanted = frappe._dict(filters or {})
    rows = scorecard.scorecard(wanted.from_date, wanted.supplier, by_sku=bool(wanted.by_sku))
    return _columns(by_sku=bool(wanted.by_sku)), rows


def _columns(*, by_sku: bool) -> list[dict[str, Any]]:
    columns = [_column("supplier", "Supplier", "Link", 180, options="Supplier")]
    if by_sku:
        columns.append(_column("sku", "SKU", "Link", 140, options="SKU"))
    return [
        *columns,
        _column("receipts", "Receipts", "Int", 90),
        _column("qty", "Units Received", "Float", 110),
        _column("on_time_percent", "On Time (%)", "Percent", 100),
        _column("defect_percent", "Defects (%)", "Percent", 100),
        _column("price_trend_percent", "Price Trend (%)", "Percent", 110),
        _column("lead_days", "Lead Time (Days)", "Float", 120),
        _column("lead_spread", "Spread (Days)", "Float", 110),
    ]


def _column(fieldname: str, label: str, fieldtype: str, width: int, **more: Any) -> dict[str, Any]:
    return {"fieldname": fieldname, "label": frappe._(label), "fieldtype": fieldtype, "width": width, **more}
