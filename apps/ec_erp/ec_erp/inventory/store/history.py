"""Checkpoints of the stock ledger, and sums over the past.

Invariant: of a key's chain, the entries up to the balance's ``checkpoint_seq`` are in the checkpoints of their month and ten days of
event time, all later ones in none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import insert_rows, load_rows, lock_rows, update_rows
from ec_erp.inventory.rules.history import MONTH, TEN_DAYS, Past, Sum, periods_of
from ec_erp.inventory.store import movements
from ec_erp.inventory.store.asked import EVERYTHING, Asked
from ec_erp.inventory.store.movements import Moved
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of

Row = dict[str, Any]

_SUMS = "ROUND(SUM({table}.`{qty}`), 9) AS qty, ROUND(SUM({table}.`{value}`), 6) AS value"


def load_sums(past: Past, asked: Asked = EVERYTHING) -> Iterator[Sum]:
    """Yield what the parts of the past have changed: months, ten days, single entries, entries in no checkpoint yet."""
    for where, values in (
        ("c.`period` = %s AND c.`period_start` < %s", [MONTH, past.month]),
        ("c.`period` = %s AND c.`period_start` >= %s AND c.`period_start` < %s", [TEN_DAYS, past.month, past.start]),
    ):
        yield from _sums("`tabStock Checkpoint` c", "c", "qty", "value", where, values, asked)
    single = "e.`posting_datetime` >= %s AND e.`posting_datetime` <= %s"
    values = [past.midnight, past.moment]
    yield from _sums("`tabStock Ledger Entry` e", "e", "qty_change", "value_change", single, values, asked)
    yield from _tail(past, asked)


def _tail(past: Past, asked: Asked) -> Iterator[Sum]:
    """Yield the sums of older entries that no checkpoint holds yet: from each balance that is behind into its own chain."""
    part = (
        "(SELECT ROUND(SUM(e.`{column}`), 9) FROM `tabStock Ledger Entry` e WHERE e.`sku` = b.`sku`"
        " AND e.`warehouse` = b.`warehouse` AND e.`seq` > b.`checkpoint_seq` AND e.`posting_datetime` < %s)"
    )
    narrowed, more = asked.conditions("b")
    qty, value = part.format(column="qty_change"), part.format(column="value_change")
    query = (
        f"SELECT b.`sku`, b.`warehouse`, {qty} AS qty, {value} AS value FROM `tabStock Balance` b"  # noqa: S608  no values
        f" WHERE b.`entry_count` > b.`checkpoint_seq`{narrowed}"
    )
    for row in frappe.db.sql(query, [past.midnight, past.midnight, *more], as_dict=True):
        yield Sum(StockKey(row["sku"], row["warehouse"]), decimal_of(row["qty"]), decimal_of(row["value"]))


def _sums(
    tables: str, table: str, qty: str, value: str, where: str, values: Iterable[Any], asked: Asked
) -> Iterator[Sum]:
    narrowed, more = asked.conditions(table)
    sums = _SUMS.format(table=table, qty=qty, value=value)
    keys = f"{table}.`sku`, {table}.`warehouse`"
    query = f"SELECT {keys}, {sums} FROM {tables} WHERE {where}{narrowed} GROUP BY {keys}"  # noqa: S608  no values
    for row in frappe.db.sql(query, [*values, *more], as_dict=True):
        yield Sum(StockKey(row["sku"], row["warehouse"]), decimal_of(row["qty"]), decimal_of(row["value"]))


def load_keys_to_checkpoint(lag: int, limit: int) -> list[str]:
    """Return names of balances with at least ``lag`` entries in no checkpoint yet, those furthest behind first."""
    query = (
        "SELECT `name` FROM `tabStock Balance` WHERE `entry_count` - `checkpoint_seq` >= %s"
        " ORDER BY `entry_count` - `checkpoint_seq` DESC LIMIT %s"
    )
    return [row[0] for row in frappe.db.sql(query, [lag, limit])]


@dataclass
class _Window:
    """The entries of one key that go into checkpoints: after ``start``, up to ``end``."""

    key: StockKey
    company: str
    start: int
    end: int
    days: dict[date, list[Any]] = field(default_factory=dict)
    moved: list[Moved] = field(default_factory=list)


def add_checkpoints(names: Iterable[str], most: int) -> int:
    """Lock balances and put up to ``most`` further entries of each into checkpoints; return how many entries."""
    fields = ("sku", "warehouse", "company", "entry_count", "checkpoint_seq")
    windows = {}
    for name, row in lock_rows("Stock Balance", names, fields).items():
        start = int(row["checkpoint_seq"] or 0)
        end = min(int(row["entry_count"] or 0), start + most)
        if end > start:
            windows[name] = _Window(StockKey(row["sku"], row["warehouse"]), row["company"], start, end)
    if not windows:
        return 0
    for window in windows.values():
        _collect(window)
    _write(windows.values())
    movements.add_sums(moved for window in windows.values() for moved in window.moved)
    update_rows("Stock Balance", {name: {"checkpoint_seq": w.end} for name, w in windows.items()}, touch=False)
    return sum(window.end - window.start for window in windows.values())


def _collect(window: _Window) -> None:
    window.moved = movements.load_moved(window.key, window.company, window.start, window.end)
    for moved in window.moved:
        day = window.days.setdefault(moved.day, [ZERO, ZERO, 0])
        day[0] += moved.figures.get("qty", ZERO)
        day[1] += moved.figures.get("value", ZERO)
        day[2] += moved.counted


def _write(windows: Iterable[_Window]) -> None:
    changes: dict[str, Row] = {}
    for window in windows:
        for day, (qty, value, entries) in window.days.items():
            for period, start in periods_of(day) if entries else ():
                name = _name(window.key, period, start)
                row = changes.setdefault(name, _row(name, window, period, start))
                row["qty"] += qty
                row["value"] += value
                row["entries"] += entries
    known = {row["name"]: row for row in load_rows("Stock Checkpoint", changes, ["name", "qty", "value", "entries"])}
    update_rows("Stock Checkpoint", {name: _sum_of(changes[name], row) for name, row in known.items()}, touch=False)
    insert_rows("Stock Checkpoint", [{**row, **_sum_of(row)} for name, row in changes.items() if name not in known])


def _name(key: StockKey, period: str, start: date) -> str:
    text = "|".join((key.sku, key.warehouse, period, start.isoformat()))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _row(name: str, window: _Window, period: str, start: date) -> Row:
    return {
        "name": name,
        "sku": window.key.sku,
        "warehouse": window.key.warehouse,
        "company": window.company,
        "period": period,
        "period_start": start,
        "qty": Decimal(0),
        "value": Decimal(0),
        "entries": 0,
    }


def _sum_of(change: Row, known: Mapping[str, Any] | None = None) -> Row:
    before = known or {"qty": 0, "value": 0, "entries": 0}
    return {
        "qty": float(decimal_of(before["qty"]) + change["qty"]),
        "value": float(decimal_of(before["value"]) + change["value"]),
        "entries": int(before["entries"] or 0) + change["entries"],
    }
