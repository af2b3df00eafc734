"""Publish Exposure: what all shops together show beyond what there is, the worst possible oversell (超卖风险敞口)."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.channels.flows.exposure import exposed_skus
from ec_erp.inventory.flows.report_columns import Column, columns_of
from ec_erp.kernel.problems import N_

TITLE = N_("Publish Exposure")  # the report's name, as menus translate it
_COLUMNS: tuple[Column, ...] = (
    ("sku", N_("SKU"), "Link", "SKU", 210),
    ("sku_name", N_("SKU Name"), "Data", "", 170),
    ("company", N_("Company"), "Link", "Company", 130),
    ("listing", N_("Listing"), "Link", "Listing", 150),
    ("shop", N_("Shop"), "Link", "Shop", 130),
    ("items", N_("Items Shown"), "Float", "", 110),
    ("units", N_("Units per Item"), "Float", "", 110),
    ("published", N_("Units Shown"), "Float", "", 110),
    ("available", N_("Available"), "Float", "", 100),
    ("exposure", N_("Exposure (Units)"), "Float", "", 110),
)


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """Return columns, rows (each SKU with its listings below), no message and a chart.

    Filters: company, sku, ``every`` (also what is covered).
    """
    wanted = frappe._dict(filters or {})
    found = exposed_skus(company=wanted.company or "", sku=wanted.sku or "", every=bool(wanted.every))
    worst = [row for row in found if row["exposure"]][:10]
    values = [{"name": frappe._("Exposure (Units)"), "values": [row["exposure"] for row in worst]}]
    chart = {"data": {"labels": [row["sku"] for row in worst], "datasets": values}, "type": "bar"}
    return columns_of(_COLUMNS), _rows(found), None, chart if worst else None


def _rows(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for row in found:
        rows.append({**row, "listings": None, "indent": 0})
        rows += [
            {**listing, "sku": row["sku"], "sku_name": listing["title"], "indent": 1} for listing in row["listings"]
        ]
    return rows
