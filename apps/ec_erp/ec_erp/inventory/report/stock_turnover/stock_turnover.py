"""Stock Turnover: for how many days of sales stock was held, by SKU, category, warehouse or platform (库存周转)."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.inventory.flows import watching
from ec_erp.inventory.flows.report_columns import columns_of
from ec_erp.kernel.problems import N_

TITLE = N_("Stock Turnover")  # the report's name, as menus translate it
_BY = {
    "SKU": ("sku", "SKU"),
    "Category": ("category", "Product Category"),
    "Brand": ("brand", "Brand"),
    "Class": ("goods_class", ""),
    "Warehouse": ("warehouse", "Warehouse"),
    "Platform": ("platform", "Platform"),
}


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """Return columns, rows, no message and a chart.

    Filters: ``from_date`` (90 days ago when left out), ``to_date`` (today), ``by`` (SKU, Category, Brand, Class, Warehouse, Platform),
    company, warehouse, category, brand, goods_class, sku.
    """
    wanted = frappe._dict(filters or {})
    by, doctype = _BY.get(wanted.by or "SKU", _BY["SKU"])
    last = frappe.utils.getdate(wanted.to_date or frappe.utils.nowdate())
    first = frappe.utils.getdate(wanted.from_date or frappe.utils.add_days(last, -89))
    if first > last:
        frappe.throw(frappe._("The end date must not be before the start date"))
    asked = watching.asked_of(wanted)
    rows = watching.turnover(asked, first, last, by=by) if asked else []
    known = [row for row in rows if row["turnover_days"] is not None][:10]
    data = {
        "labels": [row["group"] for row in known],
        "datasets": [{"name": frappe._("Turnover (Days)"), "values": [row["turnover_days"] for row in known]}],
    }
    return _columns(wanted.by or "SKU", doctype), rows, None, {"data": data, "type": "bar"} if known else None


def _columns(by: str, doctype: str) -> list[dict[str, Any]]:
    return columns_of(
        (
            ("group", by, "Link" if doctype else "Data", doctype, 180),
            ("average_value", N_("Average Stock Value"), "Currency", "", 150),
            ("cost_of_sales", N_("Cost of Sales"), "Currency", "", 140),
            ("turnover_days", N_("Turnover (Days)"), "Float", "", 130),
            ("turns", N_("Turns"), "Float", "", 90),
        )
    )
