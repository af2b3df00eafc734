"""Stock Ageing: what is on hand and what it is worth, by how long it has been there (库龄)."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.inventory.flows import watching
from ec_erp.inventory.flows.report_columns import HEAD, Column, columns_of
from ec_erp.kernel.problems import N_

TITLE = N_("Stock Ageing")  # the report's name, as menus translate it
_LABELS = ("0-30", "31-60", "61-90", "91-180", "181-365", "> 365")


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """Return columns, rows, no message and a chart.

    Filters: company, warehouse, category, brand, goods_class, sku, ``by_warehouse`` (age within each warehouse,
    transfers make goods younger).
    """
    wanted = frappe._dict(filters or {})
    asked, by_warehouse = watching.asked_of(wanted), bool(wanted.by_warehouse or wanted.warehouse)
    today = frappe.utils.now_datetime().date()
    rows = watching.ageing(asked, today, by_warehouse=by_warehouse) if asked else []
    totals = [sum(row[f"{bucket}_value"] for row in rows) for bucket in watching.BUCKETS]
    data = {"labels": list(_LABELS), "datasets": [{"name": frappe._("Value"), "values": totals}]}
    return _columns(), rows, None, {"data": data, "type": "bar"} if rows else None


def _columns() -> list[dict[str, Any]]:
    plain: list[Column] = [
        *HEAD,
        ("on_hand", N_("On Hand"), "Float", "", 90),
        ("value", N_("Value"), "Currency", "", 110),
    ]
    columns = columns_of(plain)
    for bucket, days in zip(watching.BUCKETS, _LABELS, strict=True):
        quantity, value = frappe._("{0} Days: Units").format(days), frappe._("{0} Days: Value").format(days)
        columns.append({"fieldname": f"{bucket}_qty", "label": quantity, "fieldtype": "Float", "width": 110})
        columns.append({"fieldname": f"{bucket}_value", "label": value, "fieldtype": "Currency", "width": 120})
    return columns
