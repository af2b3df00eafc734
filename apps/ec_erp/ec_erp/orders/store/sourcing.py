"""Where orders may leave from, how much warehouses were given, what carriers ask and where nobody delivers.

Invariant: everything is read for a set of orders at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import frappe
from frappe.query_builder.functions import Count

from ec_erp.documents.store import load_rows
from ec_erp.inventory.types import SERVES_NO_ORDERS
from ec_erp.parties.rules.addresses import Restriction

Row = dict[str, Any]


def load_sources(companies: Iterable[str]) -> list[Row]:
    """Return the warehouses that orders of companies may leave from, with the regions they deliver to."""
    filters = {"company": ("in", sorted(set(companies))), "disabled": 0, "warehouse_type": ("not in", SERVES_NO_ORDERS)}
    rows = frappe.get_all("Warehouse", filters, ["name", "company", "priority", "daily_cap"], order_by="name asc")
    regions: dict[str, list[tuple[str, str]]] = {}
    for row in load_rows(
        "Warehouse Coverage", [row.name for row in rows], ("parent", "province", "city"), key="parent"
    ):
        regions.setdefault(row["parent"], []).append((row["province"] or "", row["city"] or ""))
    return [{**row, "coverage": tuple(regions.get(row.name, ()))} for row in rows]


def load_loads(warehouses: Iterable[str], since: datetime) -> dict[str, int]:
    """Return how many orders each warehouse was given since a moment."""
    table = frappe.qb.DocType("Sales Order")
    rows = (
        frappe.qb.from_(table)
        .select(table.warehouse, Count(table.name).as_("orders"))
        .where(table.docstatus == 1)
        .where(table.warehouse.isin(sorted(set(warehouses))))
        .where(table.order_datetime >= since)
        .groupby(table.warehouse)
        .run(as_dict=True)
    )
    return {row["warehouse"]: int(row["orders"]) for row in rows}


def load_freight_rows() -> list[Row]:
    """Return the freight rules with their bands."""
    if not frappe.db.table_exists("Freight Rule"):
        return []
    fields = ["name", "carrier", "warehouse", "priority", "valid_from", "valid_to", "cod"]
    rules = frappe.get_all("Freight Rule", {"disabled": 0}, fields, order_by="name asc")
    bands: dict[str, list[Row]] = {}
    columns = ("parent", "idx", "provinces", "first_weight_g", "first_price", "step_weight_g", "step_price",
               "promise_hours", "excluded")  # fmt: skip
    for row in sorted(load_rows("Freight Rule Band", [rule.name for rule in rules], columns, key="parent"), key=_place):
        bands.setdefault(row["parent"], []).append(dict(row))
    return [{**rule, "bands": bands.get(rule.name, [])} for rule in rules]


def _place(row: Row) -> tuple[str, int]:
    return row["parent"], row["idx"]


def load_restrictions() -> list[Restriction]:
    """Return where nobody, a carrier or a warehouse does not deliver."""
    fields = ["name", "province", "city", "district", "carrier", "warehouse", "reason", "valid_from", "valid_to"]
    getdate = frappe.utils.getdate
    return [
        Restriction(
            **{field: row.get(field) or "" for field in fields[:7]},
            valid_from=getdate(row.valid_from) if row.valid_from else None,
            valid_to=getdate(row.valid_to) if row.valid_to else None,
        )
        for row in frappe.get_all("Delivery Restriction", {"disabled": 0}, fields, order_by="carrier asc, name asc")
    ]
