"""What entries of a key come to per day, ten days and month of event time: the slow way, entry by entry.

Invariant: shares nothing with what keeps these sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.replay.types import Row

Sums = dict[tuple[str, str, date], dict[str, Decimal]]
CHECKPOINT, MOVEMENTS = "Stock Checkpoint", "Movement Sum"
_RELOCATIONS = ("Stock Transfer", "Bin Move", "Grade Change")


def rebuilt_periods(entries: Iterable[Row], upto: int) -> Sums:
    """Return figures by (DocType, period, its first day) of the entries of a key, those after ``upto`` left out.

    Entries have ``seq`` and ``day``, the day of their event.
    """
    counted = [entry for entry in entries if int(entry["seq"]) <= upto]
    by_name = {entry["name"]: entry for entry in counted}
    totals: Sums = {}
    for entry in counted:
        qty, value, day = decimal_of(entry["qty_change"]), decimal_of(entry["value_change"]), entry["day"]
        changes = {"qty": qty, "value": value, "entries": Decimal(1)}
        for kind, period, start in _places(day):
            _add(totals, (kind, period, start), changes)
        if entry["voucher_type"] == "Delivery Note":
            _add_movements(totals, day, {"sold_qty": -qty, "cost": -value})
        undone = by_name.get(entry["reverses"] or "") if entry["is_reversal"] else None
        if not entry["is_reversal"]:
            _add_movements(totals, day, _standing(entry, qty))
        elif undone is not None and qty:
            _add_movements(totals, undone["day"], {field: -amount for field, amount in _standing(undone, -qty).items()})
    return {at: figures for at, figures in totals.items() if any(figures.values())}


def _standing(entry: Row, qty: Decimal) -> dict[str, Decimal]:
    if qty > 0:
        return {"moved_in_qty" if entry["voucher_type"] in _RELOCATIONS else "came_qty": qty}
    return {"left_qty": -qty} if entry["voucher_type"] == "Delivery Note" else {}


def _places(day: date) -> tuple[tuple[str, str, date], ...]:
    tenth = day.replace(day=1 if day.day < 11 else 11 if day.day < 21 else 21)
    month = day.replace(day=1)
    return (
        (CHECKPOINT, "Month", month),
        (CHECKPOINT, "Ten Days", tenth),
        (MOVEMENTS, "Month", month),
        (MOVEMENTS, "Day", day),
    )


def _add_movements(totals: Sums, day: date, changes: Mapping[str, Decimal]) -> None:
    for kind, period, start in _places(day)[2:]:
        _add(totals, (kind, period, start), changes)


def _add(totals: Sums, at: tuple[str, str, date], changes: Mapping[str, Decimal]) -> None:
    figures = totals.setdefault(at, {})
    for field, amount in changes.items():
        figures[field] = figures.get(field, ZERO) + amount
