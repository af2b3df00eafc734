"""Comparing figures about stock with what they are sums of: one statement per check, so that each sees one moment.

Invariant: reads only; a check returns the keys that contradict themselves and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe

from ec_erp.inventory.rules.incidents import Contradiction
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import decimal_of


@dataclass(frozen=True, slots=True)
class SumCheck:
    """A figure of a balance (column of alias ``b``) and the statement with the sum that it must equal.

    The statement gives sku, warehouse and total, with ``{scope}`` where ``sku`` can be narrowed; ``where`` says for which
    balances (alias ``b``; ``k`` the SKU, ``w`` the warehouse, ``s`` the sum) it is meant.
    """

    invariant: str
    figure: str
    sums: str
    where: str = "1 = 1"


def _exact(column: str) -> str:
    """Return the expression of a sum whose whole units are added up as integers.

    SQLite adds floats one to another, each time rounding at the size of the sum so far: with thousands of entries under a large one
    the error would pass for a contradiction.
    """
    whole = f"CAST({column} AS INTEGER)"
    return f"SUM({whole}) + SUM({column} - {whole})"


# Per check: the figure that a balance shows, and the statement with the sum it must equal. {scope} narrows the SKUs.
_SUMS = (
    SumCheck(
        "Ledger",
        "b.`on_hand`",
        f"SELECT `sku`, `warehouse`, {_exact('`qty_change`')} AS total FROM `tabStock Ledger Entry`"  # noqa: S608  no values
        " WHERE 1 = 1 {scope} GROUP BY `sku`, `warehouse`",
    ),
    SumCheck(
        "Ledger",
        "b.`value`",
        f"SELECT `sku`, `warehouse`, {_exact('`value_change`')} AS total FROM `tabStock Ledger Entry`"  # noqa: S608  no values
        " WHERE 1 = 1 {scope} GROUP BY `sku`, `warehouse`",
    ),
    SumCheck(
        "Reservations",
        "b.`reserved`",
        "SELECT `sku`, `warehouse`, SUM(`qty` - `consumed_qty` - `released_qty`) AS total FROM `tabStock Reservation`"
        " WHERE `status` = 'Held' {scope} GROUP BY `sku`, `warehouse`",
    ),
    SumCheck(
        "Unpaid",
        "b.`unpaid`",
        "SELECT `sku`, `warehouse`, SUM(`qty` - `consumed_qty` - `released_qty`) AS total FROM `tabStock Reservation`"
        " WHERE `status` = 'Held' AND `soft` = 1 {scope} GROUP BY `sku`, `warehouse`",
    ),
    SumCheck(
        "Quotas",
        "b.`locked`",
        "SELECT `sku`, `warehouse`, SUM(`left_qty`) AS total FROM `tabStock Quota`"
        " WHERE `status` = 'Active' {scope} GROUP BY `sku`, `warehouse`",
    ),
)
# Sums that only some keys have: those with bins or batches, those costed first in, first out.
_PARTIAL = (
    SumCheck(
        "Bins",
        "b.`on_hand`",
        "SELECT `sku`, `warehouse`, SUM(`on_hand`) AS total FROM `tabBin Balance`"
        " WHERE 1 = 1 {scope} GROUP BY `sku`, `warehouse`",
        "(s.total IS NOT NULL OR k.`has_batch` = 1 OR w.`has_bins` = 1)",
    ),
    SumCheck(
        "Layers",
        "CASE WHEN b.`on_hand` > 0 THEN b.`value` ELSE 0 END",
        f"SELECT `sku`, `warehouse`, {_exact('`value_left`')} AS total FROM `tabStock Layer`"  # noqa: S608  no values
        " WHERE `qty_left` > 0 {scope} GROUP BY `sku`, `warehouse`",
        "k.`valuation_method` = 'FIFO'",
    ),
)
# Functions of areas above that return checks of figures which follow from their documents.
_HOOK = "ec_erp_stock_sums"
_TOLERANCE = 0.000001


def load_contradictions(skus: Sequence[str] | None = None) -> list[Contradiction]:
    """Return every contradiction of the balances of SKUs, or of all."""
    found: list[Contradiction] = []
    for check in (*_SUMS, *_PARTIAL, *_sums_of_others()):
        found += _compared(check, skus)
    return [*found, *_promises(skus), *_checkpoints(skus)]


def _sums_of_others() -> list[SumCheck]:
    return [check for method in frappe.get_hooks(_HOOK) for check in frappe.get_attr(method)()]


def _compared(check: SumCheck, skus: Sequence[str] | None) -> list[Contradiction]:
    scope, values = _scope("`sku`", skus)
    outer, more = _scope("b.`sku`", skus)
    query = (
        f"SELECT b.`sku`, b.`warehouse`, COALESCE(s.total, 0) AS expected, {check.figure} AS found"  # noqa: S608  no values
        f" FROM `tabStock Balance` b JOIN `tabSKU` k ON k.`name` = b.`sku` JOIN `tabWarehouse` w ON w.`name` = b.`warehouse`"
        f" LEFT JOIN ({check.sums.format(scope=scope)}) s ON s.`sku` = b.`sku` AND s.`warehouse` = b.`warehouse`"
        f" WHERE {check.where} {outer} AND ABS({check.figure} - COALESCE(s.total, 0)) > {_TOLERANCE}"
    )
    return _contradictions(check.invariant, frappe.db.sql(query, [*values, *more], as_dict=True))


def _promises(skus: Sequence[str] | None) -> list[Contradiction]:
    """Return what is promised beyond what is there: to buyers, and to channel groups."""
    outer, values = _scope("b.`sku`", skus)
    tables = "`tabStock Balance` b JOIN `tabWarehouse` w ON w.`name` = b.`warehouse`"
    real = "ROUND(b.`on_hand` - b.`frozen` - b.`reserved`, 9)"
    oversold = (
        f"SELECT b.`sku`, b.`warehouse`, 0 AS expected, {real} AS found FROM {tables}"  # noqa: S608  no values
        f" WHERE {real} < 0 AND w.`allow_negative_stock` = 0 {outer}"
    )
    exposed = (
        f"SELECT b.`sku`, b.`warehouse`, CASE WHEN {real} > 0 THEN {real} ELSE 0 END AS expected, b.`locked` AS found"  # noqa: S608
        f" FROM {tables} WHERE b.`locked` > 0 AND b.`locked` > {real} {outer}"
    )
    return [
        *_contradictions("Oversold", frappe.db.sql(oversold, values, as_dict=True)),
        *_contradictions("Exposure", frappe.db.sql(exposed, values, as_dict=True)),
    ]


def _checkpoints(skus: Sequence[str] | None) -> list[Contradiction]:
    """Return keys whose checkpoints or sums of movements hold another number of entries than their balance says, or another quantity."""
    scope, values = _scope("`sku`", skus)
    outer, more = _scope("b.`sku`", skus)
    sums = "SELECT `sku`, `warehouse`, SUM(`entries`) AS total, SUM(`qty`) AS qty FROM `tab{kind}` WHERE `period` = %s"
    held = f"({sums} {scope} GROUP BY `sku`, `warehouse`)"
    found: dict[StockKey, Contradiction] = {}
    for kind, period in (("Movement Sum", "Month"), ("Movement Sum", "Day"), ("Stock Checkpoint", "Ten Days")):
        query = (
            "SELECT b.`sku`, b.`warehouse`, b.`checkpoint_seq` AS expected, COALESCE(s.total, 0) AS found"  # noqa: S608
            f" FROM `tabStock Balance` b LEFT JOIN {held.format(kind=kind)} s ON s.`sku` = b.`sku` AND s.`warehouse` = b.`warehouse`"
            f" LEFT JOIN {held.format(kind='Stock Checkpoint')} c ON c.`sku` = b.`sku` AND c.`warehouse` = b.`warehouse`"
            " WHERE (COALESCE(b.`checkpoint_seq`, 0) <> COALESCE(s.total, 0)"
            f" OR ABS(COALESCE(s.qty, 0) - COALESCE(c.qty, 0)) > {_TOLERANCE}) {outer}"
        )
        rows = frappe.db.sql(query, [period, *values, "Ten Days", *values, *more], as_dict=True)
        found |= {one.key: one for one in _contradictions("Checkpoints", rows)}
    return list(found.values())


def _scope(column: str, skus: Sequence[str] | None) -> tuple[str, list[Any]]:
    if skus is None:
        return "", []
    return f"AND {column} IN ({', '.join(['%s'] * len(skus))})", list(skus)


def _contradictions(invariant: str, rows: Iterable[Any]) -> list[Contradiction]:
    return [
        Contradiction(
            invariant,
            StockKey(row["sku"], row["warehouse"]),
            decimal_of(row["expected"]),
            decimal_of(row["found"]),
        )
        for row in rows
    ]


def load_skus_changed_since(moment: datetime | None) -> list[str]:
    """Return the SKUs whose balances have changed since a moment, all that there are without one."""
    filters = {"modified": (">=", moment)} if moment else {}
    return sorted(set(frappe.get_all("Stock Balance", filters=filters, pluck="sku")))


def load_open_incidents(skus: Sequence[str] | None = None) -> dict[str, Contradiction]:
    """Return open incidents of SKUs, or all, by name."""
    filters: dict[str, Any] = {"status": "Open"}
    if skus is not None:
        filters["sku"] = ("in", list(skus) or [""])
    fields = ["name", "invariant", "sku", "warehouse", "expected", "found"]
    rows = frappe.get_all("Stock Incident", filters=filters, fields=fields)
    return {
        row["name"]: Contradiction(
            row["invariant"],
            StockKey(row["sku"], row["warehouse"]),
            decimal_of(row["expected"]),
            decimal_of(row["found"]),
        )
        for row in rows
    }


def load_incidents_for_people() -> list[Any]:
    """Return open incidents with what was noted on them, the oldest first."""
    fields = ["name", "invariant", "sku", "warehouse", "expected", "found", "first_noticed", "remarks"]
    return list(
        frappe.get_all("Stock Incident", filters={"status": "Open"}, fields=fields, order_by="first_noticed asc")
    )


def write_checked(settings: str, field: str, moment: datetime) -> None:
    """Write until when everything has been checked."""
    frappe.db.set_single_value(settings, field, moment, update_modified=False)
