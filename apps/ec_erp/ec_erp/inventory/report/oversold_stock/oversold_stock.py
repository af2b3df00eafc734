"""Oversold Stock: what is promised beyond what is there, and who will be short first (超卖监控)."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.inventory.flows import watching
from ec_erp.inventory.flows.report_columns import HEAD, Column, columns_of
from ec_erp.kernel.problems import N_

TITLE = N_("Oversold Stock")  # the report's name, as menus translate it
_COLUMNS: tuple[Column, ...] = (
    *HEAD,
    ("there", N_("There Is"), "Float", "", 90),
    ("missing", N_("Missing in All"), "Float", "", 110),
    ("rank", N_("Short as No."), "Int", "", 90),
    ("voucher_type", N_("Document Type"), "Data", "", 120),
    ("voucher_no", N_("Document"), "Dynamic Link", "voucher_type", 160),
    ("held", N_("Promised"), "Float", "", 90),
    ("short", N_("Short"), "Float", "", 90),
    ("priority", N_("Priority"), "Int", "", 80),
    ("since", N_("Since"), "Datetime", "", 150),
)


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """Return columns, rows, no message and a chart. Filters: company, warehouse, category, brand, goods_class, sku."""
    asked = watching.asked_of(frappe._dict(filters or {}))
    rows = watching.oversold(asked) if asked else []
    short: dict[str, float] = {}
    for row in rows:
        short[row["sku"]] = short.get(row["sku"], 0.0) + row["short"]
    worst = sorted(short, key=lambda sku: -short[sku])[:10]
    values = [{"name": frappe._("Short"), "values": [short[sku] for sku in worst]}]
    chart = {"data": {"labels": worst, "datasets": values}, "type": "bar"}
    return columns_of(_COLUMNS), rows, None, chart if rows else None
