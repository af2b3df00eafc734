"""Out of Stock: what is not there to be sold, and what was probably not sold for it (缺货与流失销量)."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.inventory.flows import watching
from ec_erp.inventory.flows.report_columns import HEAD, Column, columns_of
from ec_erp.kernel.problems import N_

TITLE = N_("Out of Stock")  # the report's name, as menus translate it
DAYS = 30
_COLUMNS: tuple[Column, ...] = (
    *HEAD,
    ("available", N_("Available"), "Float", "", 90),
    ("sold", N_("Sold in the Days"), "Float", "", 110),
    ("per_day", N_("Per Day in Stock"), "Float", "", 120),
    ("days_out", N_("Days Without Stock"), "Int", "", 130),
    ("lost_qty", N_("Probably Not Sold"), "Float", "", 130),
    ("lost_amount", N_("Lost Revenue"), "Currency", "", 120),
)


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """Return columns, rows, no message and a chart.

    Filters: ``days`` that are looked at (30), company, warehouse, category, brand, goods_class, sku.
    """
    wanted = frappe._dict(filters or {})
    asked, today = watching.asked_of(wanted), frappe.utils.now_datetime().date()
    rows = watching.out_of_stock(asked, today, days=int(wanted.days or DAYS)) if asked else []
    worst = rows[:10]
    values = [{"name": frappe._("Lost Revenue"), "values": [row["lost_amount"] for row in worst]}]
    chart = {"data": {"labels": [row["sku"] for row in worst], "datasets": values}, "type": "bar"}
    return columns_of(_COLUMNS), rows, None, chart if rows else None
