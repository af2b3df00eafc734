"""What reports about stock need: balances, sales and movements by day, holds, receipts by age, cost of sales.

Invariant: reads only; each function is one query, whatever is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import load_rows
from ec_erp.inventory.rules.watching import AGE_BOUNDS, AlertTerms, Hold, age_bucket
from ec_erp.inventory.store.asked import Asked
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.times import moment_of

Row = dict[str, Any]


def load_balances(asked: Asked, *, where: str = "1 = 1") -> list[Row]:
    """Return balances with the names and categories of their SKUs; ``where`` is a fixed condition (aliases b, k, w)."""
    narrowed, values = asked.conditions("b")
    query = (
        "SELECT b.`sku`, b.`warehouse`, b.`company`, b.`on_hand`, b.`available`, b.`reserved`, b.`frozen`, b.`value`,"  # noqa: S608
        " k.`sku_name`, k.`category`, k.`standard_rate` FROM `tabStock Balance` b"
        " JOIN `tabSKU` k ON k.`name` = b.`sku` JOIN `tabWarehouse` w ON w.`name` = b.`warehouse`"
        f" WHERE w.`warehouse_type` <> 'Transit' AND {where}{narrowed} ORDER BY b.`sku`, b.`warehouse`"
    )
    return list(frappe.db.sql(query, values, as_dict=True))


def load_oversold(asked: Asked) -> list[Row]:
    """Return balances of which more is promised than there is."""
    return load_balances(asked, where="ROUND(b.`on_hand` - b.`frozen` - b.`reserved`, 9) < 0")


def load_holds(skus: Iterable[str]) -> dict[StockKey, list[Hold]]:
    """Return what documents have put aside of SKUs."""
    fields = ["sku", "warehouse", "voucher_type", "voucher_no", "qty", "consumed_qty", "released_qty"]
    fields += ["priority", "held_since", "creation", "status", "soft"]
    groups: dict[StockKey, list[Hold]] = {}
    for row in load_rows("Stock Reservation", skus, fields, key="sku"):
        if row["status"] == "Held":
            groups.setdefault(StockKey(row["sku"], row["warehouse"]), []).append(_hold(row))
    return groups


def _hold(row: Row) -> Hold:
    left = decimal_of(row["qty"]) - decimal_of(row["consumed_qty"]) - decimal_of(row["released_qty"])
    since = moment_of(frappe.utils.get_datetime(row["held_since"] or row["creation"]))
    return Hold(row["voucher_type"], row["voucher_no"], left, int(row["priority"] or 0), since, bool(row["soft"]))


def load_layers(asked: Asked, today: date) -> dict[StockKey, tuple[list[Decimal], list[Decimal]]]:
    """Return units and value by bucket of age of keys costed first in, first out."""
    narrowed, values = asked.conditions("l")
    query = (
        "SELECT l.`sku`, l.`warehouse`, l.`received`, l.`qty_left`, l.`value_left` FROM `tabStock Layer` l"  # noqa: S608
        f" WHERE l.`qty_left` > 0{narrowed}"
    )
    groups: dict[StockKey, tuple[list[Decimal], list[Decimal]]] = {}
    size = len(AGE_BOUNDS) + 1
    for row in frappe.db.sql(query, values, as_dict=True):
        quantities, worth = groups.setdefault(StockKey(row["sku"], row["warehouse"]), ([ZERO] * size, [ZERO] * size))
        at = age_bucket((today - frappe.utils.getdate(row["received"])).days)
        quantities[at] += decimal_of(row["qty_left"])
        worth[at] += decimal_of(row["value_left"])
    return groups


def load_currencies(companies: Iterable[str]) -> dict[str, str]:
    """Return the currency of companies."""
    return {
        row["name"]: row["default_currency"] for row in load_rows("Company", companies, ["name", "default_currency"])
    }


def load_kinds(skus: Iterable[str], field: str) -> dict[str, str]:
    """Return what SKUs have in a field that sorts them: category, brand, class."""
    return {row["name"]: row[field] or "" for row in load_rows("SKU", skus, ["name", field])}


def load_skus_of(kinds: Mapping[str, str]) -> list[str]:
    """Return the SKUs of a brand, a class, a category (or one below it), given as {field: value}: all that are given."""
    filters: dict[str, Any] = dict(kinds)
    if "category" in filters:
        filters["category"] = ("in", sorted(load_below([filters["category"]]).get(filters["category"], ())))
    return list(frappe.get_all("SKU", filters=filters, pluck="name", limit=0))


def load_below(categories: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return each category with all categories below it."""
    if not categories:
        return {}
    tree = frappe.get_all("Product Category", fields=["name", "lft", "rgt"])
    at = {row.name: row for row in tree}
    return {
        name: frozenset(row.name for row in tree if at[name].lft <= row.lft and row.rgt <= at[name].rgt)
        for name in categories
        if name in at
    }


def load_alert_rules() -> list[AlertTerms]:
    """Return the alert rules in force."""
    fields = ["name", "method", "lower_qty", "upper_qty", "basis", "window_days", "lower_days", "upper_days"]
    fields += ["company", "warehouse", "sku", "category"]
    rows = frappe.get_all("Stock Alert Rule", filters={"disabled": 0}, fields=fields, order_by="name asc")
    below = load_below(sorted({row.category for row in rows if row.category}))
    return [_alert_rule(row, below) for row in rows]


def _alert_rule(row: Any, below: Mapping[str, frozenset[str]]) -> AlertTerms:
    return AlertTerms(
        name=row.name,
        method=row.method,
        lower_qty=decimal_of(row.lower_qty),
        upper_qty=decimal_of(row.upper_qty),
        basis=row.basis,
        window_days=int(row.window_days or 0),
        lower_days=decimal_of(row.lower_days),
        upper_days=decimal_of(row.upper_days),
        company=row.company or None,
        warehouse=row.warehouse or None,
        sku=row.sku or None,
        categories=below.get(row.category or "", frozenset()),
    )
