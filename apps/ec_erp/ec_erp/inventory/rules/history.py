"""Stock as of a moment: which parts of the past are read from checkpoints, and which from the ledger.

Invariant: every entry up to the moment is in exactly one part. Worked table: docs/algorithms/as-of.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import ZERO

MONTH, TEN_DAYS = "Month", "Ten Days"


@dataclass(frozen=True, slots=True)
class Past:
    """How the past up to ``moment`` is read, for entries that checkpoints hold.

    Months that begin before ``month`` come whole, then the ten days of that month that begin before ``start``, then single
    entries from ``start`` on.
    """

    moment: datetime
    month: date
    start: date

    @property
    def midnight(self) -> datetime:
        """The moment from which entries are read one by one."""
        return datetime.combine(self.start, time())


@dataclass(frozen=True, slots=True)
class Sum:
    """What a part of the past has changed about a key."""

    key: StockKey
    qty: Decimal
    value: Decimal


def past_until(moment: datetime) -> Past:
    """Return how the past up to and with a moment is read."""
    starts = dict(periods_of(moment.date()))
    return Past(moment, starts[MONTH], starts[TEN_DAYS])


def added_up(parts: Iterable[Sum]) -> dict[StockKey, Sum]:
    """Return quantity and value per key, sorted; keys that come to nothing are left out."""
    totals: dict[StockKey, Sum] = {}
    for part in parts:
        known = totals.get(part.key, Sum(part.key, ZERO, ZERO))
        totals[part.key] = Sum(part.key, known.qty + part.qty, known.value + part.value)
    return {key: total for key, total in sorted(totals.items()) if total.qty or total.value}


def periods_of(day: date) -> tuple[tuple[str, date], ...]:
    """Return the checkpoints that an entry of a day belongs to: its month, and the 1st, 11th or 21st up to the next of these."""
    return (MONTH, day.replace(day=1)), (TEN_DAYS, day.replace(day=min(21, (day.day - 1) // 10 * 10 + 1)))
