"""Slow Stock: what did not sell for long, or lasts longer than it should (滞销与呆滞)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe

from ec_erp.inventory.flows import watching
from ec_erp.inventory.flows.report_columns import HEAD, Column, columns_of
from ec_erp.kernel.problems import N_

TITLE = N_("Slow Stock")  # the report's name, as menus translate it
DAYS, SLOW_COVER = 90, 180
_COLUMNS: tuple[Column, ...] = (
    *HEAD,
    ("state", N_("State"), "Data", "", 90),
    ("on_hand", N_("On Hand"), "Float", "", 90),
    ("value", N_("Value"), "Currency", "", 110),
    ("sold", N_("Sold in the Days"), "Float", "", 110),
    ("last_sale", N_("Last Sale"), "Date", "", 100),
    ("days_since_sale", N_("Days Since"), "Int", "", 90),
    ("cover_days", N_("Lasts (Days)"), "Float", "", 100),
)


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """Return columns, rows, no message and a chart.

    Filters: ``days`` (without a sale: dead; 90), ``slow_cover`` (lasting longer: slow; 180), company, warehouse, category,
    brand, goods_class, sku.
    """
    wanted = frappe._dict(filters or {})
    asked, today = watching.asked_of(wanted), frappe.utils.now_datetime().date()
    days, cover = int(wanted.days or DAYS), Decimal(int(wanted.slow_cover or SLOW_COVER))
    rows = watching.slow_movers(asked, today, days=days, slow_cover=cover) if asked else []
    worth = {state: sum(row["value"] for row in rows if row["state"] == state) for state in ("Dead", "Slow")}
    values = [{"name": frappe._("Value"), "values": list(worth.values())}]
    chart = {"data": {"labels": [frappe._(state) for state in worth], "datasets": values}, "type": "bar"}
    shown = [{**row, "state": frappe._(row["state"])} for row in rows]
    return columns_of(_COLUMNS), shown, None, chart if rows else None
