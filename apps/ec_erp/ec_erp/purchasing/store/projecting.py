"""What a projection of stock needs beyond suggestions: what units cost, when ordered goods come, what SKUs are called.

Invariant: every read is one query for all SKUs and warehouses that are asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

import frappe
from frappe.query_builder.functions import Coalesce, Sum

from ec_erp.documents.store import load_rows
from ec_erp.kernel.numbers import decimal_of
from ec_erp.purchasing.rules.receiving import OPEN_STATUSES
from ec_erp.purchasing.store.planning import Key


def load_unit_costs(skus: Collection[str], warehouses: Collection[str]) -> dict[Key, Decimal]:
    """Return what units cost on average where some lie."""
    filters = {"sku": ("in", sorted(skus)), "warehouse": ("in", sorted(warehouses)), "on_hand": (">", 0)}
    rows = frappe.get_all("Stock Balance", filters=filters, fields=["sku", "warehouse", "on_hand", "value"], limit=0)
    return {(row.sku, row.warehouse): decimal_of(row.value) / decimal_of(row.on_hand) for row in rows}


def load_purchase_rates(skus: Collection[str]) -> dict[str, Decimal]:
    """Return the purchase prices that SKUs state themselves."""
    return {row["name"]: decimal_of(row["purchase_rate"]) for row in load_rows("SKU", skus, ["name", "purchase_rate"])}


def load_names(skus: Collection[str]) -> dict[str, str]:
    """Return what SKUs are called."""
    return {row["name"]: row["sku_name"] or row["name"] for row in load_rows("SKU", skus, ["name", "sku_name"])}


def load_expected(skus: Collection[str], warehouses: Collection[str]) -> dict[Key, list[tuple[date | None, Decimal]]]:
    """Return what approved orders still expect, by the day it was promised for (None where nobody said)."""
    head, line = frappe.qb.DocType("Purchase Order"), frappe.qb.DocType("Purchase Order Item")
    due = Coalesce(line.schedule_date, head.schedule_date)
    left = line.qty - line.received_qty - line.stopped_qty
    rows = (
        frappe.qb.from_(line)
        .join(head)
        .on(head.name == line.parent)
        .select(line.sku, line.warehouse, due.as_("due"), Sum(left).as_("qty"))
        .where(head.docstatus == 1)
        .where(head.status.isin(OPEN_STATUSES))
        .where(left > 0)
        .where(line.sku.isin(sorted(skus)))
        .where(line.warehouse.isin(sorted(warehouses)))
        .groupby(line.sku, line.warehouse, due)
        .run(as_dict=True)
    )
    found: dict[Key, list[tuple[date | None, Decimal]]] = {}
    for row in rows:
        day = frappe.utils.getdate(row["due"]) if row["due"] else None
        found.setdefault((row["sku"], row["warehouse"]), []).append((day, decimal_of(row["qty"])))
    return found
