"""Sums of movements per day and month of event time: keeping them, and what reports read from them.

Invariant: of a key's chain, the entries up to the balance's ``checkpoint_seq`` are in the sums of their day and month, all later ones
in none; readers add those from the ledger itself, so an answer does not depend on how far the sums have come.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import insert_rows, load_rows, update_rows
from ec_erp.inventory.rules.spans import (
    DAY,
    MONTH,
    Part,
    latest,
    parts_of,
    spans_by_age,
    starts_of,
    weight_on,
    weighted,
)
from ec_erp.inventory.rules.watching import AGE_BOUNDS, age_bucket
from ec_erp.inventory.store.asked import Asked
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of

Row = dict[str, Any]
ByDay = dict[StockKey, dict[date, Decimal]]

KIND = "Movement Sum"
_ROWS_AT_ONCE = 5000
_SALE = "e.`voucher_type` = 'Delivery Note'"
# What moves goods inside the company and makes them no younger.
_MOVED = "e.`voucher_type` IN ('Stock Transfer', 'Bin Move', 'Grade Change')"
# What was cancelled never came and never went: an entry counts on its day, and the one that undoes it takes it off that day again.
_CAME = "(e.`is_reversal` = 0 AND e.`qty_change` > 0 OR o.`name` IS NOT NULL AND e.`qty_change` < 0)"
_WENT = "(e.`is_reversal` = 0 AND e.`qty_change` < 0 OR o.`name` IS NOT NULL AND e.`qty_change` > 0)"
# Field of a sum → what of an entry it adds up.
_ON_ITS_DAY = {
    "qty": "e.`qty_change`",
    "value": "e.`value_change`",
    "sold_qty": f"CASE WHEN {_SALE} THEN -e.`qty_change` ELSE 0 END",
    "cost": f"CASE WHEN {_SALE} THEN -e.`value_change` ELSE 0 END",
}
_ON_THE_DAY_UNDONE = {
    "came_qty": f"CASE WHEN {_CAME} AND NOT {_MOVED} THEN e.`qty_change` ELSE 0 END",
    "moved_in_qty": f"CASE WHEN {_CAME} AND {_MOVED} THEN e.`qty_change` ELSE 0 END",
    "left_qty": f"CASE WHEN {_WENT} AND {_SALE} THEN -e.`qty_change` ELSE 0 END",
}
_FIGURES = (*_ON_ITS_DAY, *_ON_THE_DAY_UNDONE)
_ENTRIES = (
    "LEFT JOIN `tabStock Ledger Entry` o ON e.`is_reversal` = 1 AND o.`name` = e.`reverses`"
    f" LEFT JOIN `tabDelivery Note` n ON {_SALE} AND n.`name` = e.`voucher_no`"
)


@dataclass(frozen=True, slots=True)
class Moved:
    """What entries of a key have changed on one day through one shop; ``counted`` are the entries of that day themselves."""

    key: StockKey
    company: str
    day: date
    shop: str
    figures: Mapping[str, Decimal]
    counted: int = 0


def load_moved(key: StockKey, company: str, start: int, end: int) -> list[Moved]:
    """Return what the entries of a key after ``start`` up to ``end`` of its chain have changed."""
    query = (
        f"{_selected('e')} FROM `tabStock Ledger Entry` e {_ENTRIES} WHERE e.`sku` = %s AND e.`warehouse` = %s"
        f" AND e.`seq` > %s AND e.`seq` <= %s {_grouped('e')}"
    )
    rows = frappe.db.sql(query, [key.sku, key.warehouse, start, end], as_dict=True)
    return [moved for row in rows for moved in _moved(row, company)]


def load_tail(asked: Asked) -> list[Moved]:
    """Return what entries have changed that are in no sum yet: from each balance that is behind into its own chain."""
    narrowed, values = asked.conditions("b")
    # CROSS JOIN has SQLite go from balances to entries; else it reads the ledger and looks for the balance of each entry.
    query = (
        f"{_selected('b')}, MAX(b.`company`) AS company FROM `tabStock Balance` b CROSS JOIN `tabStock Ledger Entry` e"
        f" {_ENTRIES} WHERE b.`entry_count` > b.`checkpoint_seq` AND e.`sku` = b.`sku` AND e.`warehouse` = b.`warehouse`"
        f" AND e.`seq` > b.`checkpoint_seq`{narrowed} {_grouped('b')}"
    )
    rows = frappe.db.sql(query, values, as_dict=True)
    return [moved for row in rows for moved in _moved(row, row["company"])]


def _selected(keys: str) -> str:
    sums = ", ".join(
        f"ROUND(SUM({amount}), {6 if field in ('value', 'cost') else 9}) AS {field}"
        for field, amount in (_ON_ITS_DAY | _ON_THE_DAY_UNDONE).items()
    )
    return (
        f"SELECT {keys}.`sku`, {keys}.`warehouse`, DATE(e.`posting_datetime`) AS day, DATE(o.`posting_datetime`) AS undone,"
        f" n.`shop` AS shop, COUNT(*) AS counted, {sums}"
    )


def _grouped(keys: str) -> str:
    return (
        f"GROUP BY {keys}.`sku`, {keys}.`warehouse`, DATE(e.`posting_datetime`), DATE(o.`posting_datetime`), n.`shop`"
    )


def _moved(row: Row, company: str) -> list[Moved]:
    """Return a row of the statement by the day of its entries, and what these undo by the day on which that was."""
    key, shop, day = StockKey(row["sku"], row["warehouse"]), row["shop"] or "", _day(row["day"])
    own = {field: decimal_of(row[field]) for field in _ON_ITS_DAY}
    standing = {field: decimal_of(row[field]) for field in _ON_THE_DAY_UNDONE}
    if row["undone"] is None or _day(row["undone"]) == day:
        return [Moved(key, company, day, shop, own | standing, int(row["counted"]))]
    return [
        Moved(key, company, day, shop, own, int(row["counted"])),
        Moved(key, company, _day(row["undone"]), shop, standing),
    ]


def _day(value: Any) -> date:
    found = frappe.utils.getdate(value)
    assert found is not None  # an entry always has its event time
    return found  # type: ignore[no-any-return]


def add_sums(moved: Iterable[Moved]) -> None:
    """Add what entries have changed to the sums of their days and months."""
    changes: dict[str, Row] = {}
    for one in moved:
        for period, start in starts_of(one.day):
            name = _name(one.key, one.shop, period, start)
            row = changes.setdefault(name, _row(name, one, period, start))
            for field, amount in one.figures.items():
                row[field] += amount
            row["entries"] += one.counted
    names = sorted(changes)
    for at in range(0, len(names), _ROWS_AT_ONCE):
        _add({name: changes[name] for name in names[at : at + _ROWS_AT_ONCE]})


def _add(changes: Mapping[str, Row]) -> None:
    fields = [*_FIGURES, "entries"]
    known = {row["name"]: row for row in load_rows(KIND, changes, ["name", *fields])}
    added = {
        name: {field: decimal_of(row[field]) + changes[name][field] for field in fields} for name, row in known.items()
    }
    update_rows(KIND, {name: _plain(row) for name, row in added.items()}, touch=False)
    insert_rows(KIND, [row | _plain(row) for name, row in changes.items() if name not in known])


def _plain(row: Row) -> Row:
    return {field: float(row[field]) for field in _FIGURES} | {"entries": int(row["entries"])}


def _name(key: StockKey, shop: str, period: str, start: date) -> str:
    """Return a name that begins with the day: databases that keep rows in the order of names read a period in one go."""
    text = "|".join((key.sku, key.warehouse, shop))
    return f"{start:%Y%m%d}{period[0]}{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"


def _row(name: str, moved: Moved, period: str, start: date) -> Row:
    return {
        "name": name,
        "sku": moved.key.sku,
        "warehouse": moved.key.warehouse,
        "company": moved.company,
        "shop": moved.shop or None,
        "period": period,
        "period_start": start,
        **dict.fromkeys(_FIGURES, ZERO),
        "entries": 0,
    }


def load_days(asked: Asked, first: date) -> tuple[ByDay, ByDay]:
    """Return per key and day since a day: units that left for buyers (less what came back), and changes of what is on hand."""
    sums, values = _sums_of([Part(DAY, first, None)], asked, "m.`period_start`, m.`sold_qty`, m.`qty`")
    query = (
        "SELECT m.`sku`, m.`warehouse`, m.`period_start` AS day, ROUND(SUM(m.`sold_qty`), 9) AS sold, ROUND(SUM(m.`qty`), 9) AS qty"  # noqa: S608
        f" FROM {sums} GROUP BY m.`sku`, m.`warehouse`, m.`period_start`"
    )
    sold, changes = ByDay(), ByDay()
    for row in frappe.db.sql(query, values, as_dict=True):
        key, day = StockKey(row["sku"], row["warehouse"]), _day(row["day"])
        _count(sold, key, day, decimal_of(row["sold"]))
        _count(changes, key, day, decimal_of(row["qty"]))
    for moved in load_tail(asked):
        if moved.day >= first:
            _count(sold, moved.key, moved.day, moved.figures.get("sold_qty", ZERO))
            _count(changes, moved.key, moved.day, moved.figures.get("qty", ZERO))
    return sold, changes


def _count(found: ByDay, key: StockKey, day: date, qty: Decimal) -> None:
    if qty:
        days = found.setdefault(key, {})
        days[day] = days.get(day, ZERO) + qty


def load_sold(asked: Asked, first: date) -> dict[StockKey, tuple[Decimal, date | None]]:
    """Return per key the units that left for buyers since a day (less what came back), and the day on which it was last sold at all."""
    sums, values = _sums_of(parts_of(first, None), asked, "m.`sold_qty`")
    query = (
        f"SELECT m.`sku`, m.`warehouse`, ROUND(SUM(m.`sold_qty`), 9) AS sold FROM {sums}"  # noqa: S608  no values
        " GROUP BY m.`sku`, m.`warehouse`"
    )
    rows = frappe.db.sql(query, values, as_dict=True)
    sold = {StockKey(row["sku"], row["warehouse"]): decimal_of(row["sold"]) for row in rows}
    tail = load_tail(asked)
    for moved in tail:
        if moved.day >= first:
            sold[moved.key] = sold.get(moved.key, ZERO) + moved.figures.get("sold_qty", ZERO)
    last = _last_days(asked, tail)
    return {key: (sold.get(key, ZERO), last.get(key)) for key in {*sold, *last}}


def _last_days(asked: Asked, tail: Sequence[Moved]) -> dict[StockKey, date]:
    """Return the last day of each key on which goods left for buyers and were not taken back by a cancellation."""
    newer = ByDay()
    for moved in tail:
        _count(newer, moved.key, moved.day, moved.figures.get("left_qty", ZERO))
    undone = {moved.key for moved in tail if moved.figures.get("left_qty", ZERO) < 0}
    days = _last_known(asked) | _days_left(undone)
    for key, changes in newer.items():
        for day, qty in changes.items():
            _count(days, key, day, qty)
    found = {key: latest(own) for key, own in days.items()}
    return {key: day for key, day in found.items() if day is not None}


def _last_known(asked: Asked) -> ByDay:
    """Return the last day with goods that left, from the last month of each key that has such a day."""
    narrowed, values = asked.conditions("m")
    query = (
        "SELECT d.`sku`, d.`warehouse`, MAX(d.`period_start`) AS day FROM (SELECT m.`sku`, m.`warehouse`,"  # noqa: S608
        " MAX(m.`period_start`) AS month FROM `tabMovement Sum` m"
        f" WHERE m.`period` = %s AND m.`left_qty` > 0{narrowed} GROUP BY m.`sku`, m.`warehouse`) k"
        " JOIN `tabMovement Sum` d ON d.`sku` = k.`sku` AND d.`warehouse` = k.`warehouse` AND d.`period` = %s"
        " AND d.`period_start` >= k.month WHERE d.`left_qty` > 0 GROUP BY d.`sku`, d.`warehouse`"
    )
    rows = frappe.db.sql(query, [MONTH, *values, DAY], as_dict=True)
    return {StockKey(row["sku"], row["warehouse"]): {_day(row["day"]): Decimal(1)} for row in rows}


def _days_left(keys: Iterable[StockKey]) -> ByDay:
    """Return all days on which goods of keys left for buyers: for the few of which a sale was cancelled just now."""
    wanted = set(keys)
    fields = ("sku", "warehouse", "period", "period_start", "left_qty")
    found: ByDay = {key: {} for key in wanted}
    for row in load_rows(KIND, {key.sku for key in wanted}, fields, key="sku"):
        key = StockKey(row["sku"], row["warehouse"])
        if key in wanted and row["period"] == DAY:
            _count(found, key, _day(row["period_start"]), decimal_of(row["left_qty"]))
    return found


def load_received(asked: Asked, today: date, *, by_warehouse: bool) -> dict[tuple[str, str], list[Decimal]]:
    """Return received units by bucket of age (the youngest first), per SKU and warehouse, or per SKU and company.

    Goods that only moved inside the company are not younger for it, unless warehouses are looked at one by one.
    """
    spans = spans_by_age(today, AGE_BOUNDS)
    found = _received_in(asked, spans, by_warehouse=by_warehouse)
    for moved in load_tail(asked):
        place = moved.key.warehouse if by_warehouse else moved.company
        came = moved.figures.get("came_qty", ZERO)
        if by_warehouse:
            came += moved.figures.get("moved_in_qty", ZERO)
        found.setdefault((moved.key.sku, place), [ZERO] * len(spans))[age_bucket((today - moved.day).days)] += came
    return found


def _received_in(
    asked: Asked, spans: Sequence[tuple[date | None, date | None]], *, by_warehouse: bool
) -> dict[tuple[str, str], list[Decimal]]:
    """Return the units of the sums that came in each of some spans, per SKU and warehouse or company."""
    amount = "(m.`came_qty` + m.`moved_in_qty`)" if by_warehouse else "m.`came_qty`"
    place = "warehouse" if by_warehouse else "company"
    parts = [parts_of(*span) for span in spans]
    conditions = [_within(own) for own in parts]
    cases = ", ".join(
        f"ROUND(SUM(CASE WHEN {condition} THEN {amount} ELSE 0 END), 9) AS b{at}"
        for at, (condition, _) in enumerate(conditions)
    )
    columns = "m.`company`, m.`period`, m.`period_start`, m.`came_qty`, m.`moved_in_qty`"
    sums, named = _sums_of([part for own in parts for part in own], asked, columns)
    query = f"SELECT m.`sku`, m.`{place}` AS place, {cases} FROM {sums} GROUP BY m.`sku`, m.`{place}`"  # noqa: S608
    values = [value for _, some in conditions for value in some]
    rows = frappe.db.sql(query, [*values, *named], as_dict=True)
    return {(row["sku"], row["place"]): [decimal_of(row[f"b{at}"]) for at in range(len(spans))] for row in rows}


def load_cost_of_sales(asked: Asked, first: date, last: date) -> list[Row]:
    """Return sku, warehouse, shop's platform and cost of what was delivered (less returned) in a span of days."""
    sums, values = _sums_of(parts_of(first, last), asked, "m.`shop`, m.`cost`")
    query = (
        f"SELECT m.`sku`, m.`warehouse`, m.`shop`, ROUND(SUM(m.`cost`), 6) AS cost FROM {sums}"  # noqa: S608  no values
        " WHERE m.`cost` <> 0 GROUP BY m.`sku`, m.`warehouse`, m.`shop`"
    )
    costs: dict[tuple[StockKey, str], Decimal] = {}
    for row in frappe.db.sql(query, values, as_dict=True):
        costs[(StockKey(row["sku"], row["warehouse"]), row["shop"] or "")] = decimal_of(row["cost"])
    for moved in load_tail(asked):
        cost = moved.figures.get("cost", ZERO)
        if cost and first <= moved.day <= last:
            at = (moved.key, moved.shop)
            costs[at] = costs.get(at, ZERO) + cost
    platforms = {
        row["name"]: row["platform"] for row in load_rows("Shop", {shop for _, shop in costs}, ["name", "platform"])
    }
    return [
        {"sku": key.sku, "warehouse": key.warehouse, "platform": platforms.get(shop), "cost": cost}
        for (key, shop), cost in costs.items()
    ]


def load_average_values(asked: Asked, samples: Sequence[date]) -> dict[StockKey, Decimal]:
    """Return the average value of each key at the ends of some days (rising)."""
    cases, values = [], list[Any]()
    for weight, parts in weighted(samples):
        condition, named = _within(parts)
        cases.append(f"WHEN {condition} THEN {int(weight)}")
        values += named
    every = [part for _, parts in weighted(samples) for part in parts]
    sums, named = _sums_of(every, asked, "m.`period`, m.`period_start`, m.`value`")
    query = (
        f"SELECT m.`sku`, m.`warehouse`, ROUND(SUM(m.`value` * CASE {' '.join(cases)} ELSE 0 END), 6) AS value"  # noqa: S608
        f" FROM {sums} GROUP BY m.`sku`, m.`warehouse`"
    )
    rows = frappe.db.sql(query, [*values, *named], as_dict=True)
    totals = {StockKey(row["sku"], row["warehouse"]): decimal_of(row["value"]) for row in rows}
    for moved in load_tail(asked):
        worth = moved.figures.get("value", ZERO) * weight_on(samples, moved.day)
        totals[moved.key] = totals.get(moved.key, ZERO) + worth
    return {key: total / len(samples) for key, total in totals.items() if total}


def _sums_of(parts: Iterable[Part], asked: Asked, columns: str) -> tuple[str, list[Any]]:
    """Return what to read the sums of parts from (alias m, with SKU, warehouse and further columns), and its values.

    Parts do not overlap. Each is read by the index of its period; one condition over all of them has MariaDB read every sum.
    """
    narrowed, more = asked.conditions("m")
    selects, values = [], list[Any]()
    for part in dict.fromkeys(parts):
        condition, named = _within([part])
        text = f"SELECT m.`sku`, m.`warehouse`, {columns} FROM `tabMovement Sum` m WHERE {condition}{narrowed}"  # noqa: S608
        selects.append(text)
        values += [*named, *more]
    return f"({' UNION ALL '.join(selects)}) m", values


def _within(parts: Iterable[Part]) -> tuple[str, list[Any]]:
    """Return the condition of the sums that belong to parts, and its values."""
    conditions, values = [], list[Any]()
    for part in dict.fromkeys(parts):
        text = "m.`period` = %s"
        values.append(part.period)
        for bound, comparison in ((part.first, ">="), (part.before, "<")):
            if bound is not None:
                text += f" AND m.`period_start` {comparison} %s"
                values.append(bound)
        conditions.append(text)
    return " OR ".join(f"({text})" for text in conditions) or "1 = 0", values
