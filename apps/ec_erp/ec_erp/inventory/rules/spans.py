"""Spans of days: which sums of whole months and of single days they are read from, and how often a day counts in an average: pure.

Invariant: every day of a span is in exactly one part. Worked table: docs/algorithms/stock-watch.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

DAY, MONTH = "Day", "Month"
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Part:
    """Sums of one kind (days or months) that begin on ``first`` or later (None: ever) and before ``before`` (None: ever)."""

    period: str
    first: date | None
    before: date | None

    def holds(self, start: date) -> bool:
        """Whether a sum that begins on a day belongs to this part."""
        return (self.first is None or start >= self.first) and (self.before is None or start < self.before)


def parts_of(first: date | None, last: date | None) -> tuple[Part, ...]:
    """Return the parts of a span with both its ends; None: from the beginning, without an end."""
    after = last + _ONE if last else None
    begin, end = _month_on_or_after(first) if first else None, after.replace(day=1) if after else None
    if begin and end and begin > end:
        return (Part(DAY, first, after),)
    head = [Part(DAY, first, begin)] if first else []
    rest = [Part(DAY, end, after)] if after else []
    return tuple(
        part for part in (Part(MONTH, begin, end), *head, *rest) if not part.first or part.first != part.before
    )


def starts_of(day: date) -> tuple[tuple[str, date], ...]:
    """Return the sums that a day belongs to: its own and that of its month."""
    return (DAY, day), (MONTH, day.replace(day=1))


def spans_by_age(today: date, bounds: Sequence[int]) -> tuple[tuple[date | None, date | None], ...]:
    """Return the first and last day of each bucket of age, the youngest first: up to each bound in days, and what is older."""
    firsts = [today - timedelta(days=bound) for bound in bounds]
    lasts = [None, *(day - _ONE for day in firsts)]
    return tuple(zip([*firsts, None], lasts, strict=True))


def weighted(samples: Sequence[date]) -> tuple[tuple[int, tuple[Part, ...]], ...]:
    """Return how often changes count in the sum of what there was at the ends of some days (rising), by parts.

    What changed up to the first of them counts in all, what changed later only in those that follow.
    """
    spans = zip([None, *(day + _ONE for day in samples)], samples, strict=False)
    return tuple((len(samples) - at, parts_of(first, last)) for at, (first, last) in enumerate(spans))


def weight_on(samples: Sequence[date], day: date) -> int:
    """Return in how many of the days' ends a change on a day counts."""
    return sum(day <= sample for sample in samples)


def latest(days: Mapping[date, Decimal]) -> date | None:
    """Return the last day on which there is more than nothing."""
    return max((day for day, qty in days.items() if qty > 0), default=None)


def _month_on_or_after(day: date) -> date:
    return day if day.day == 1 else (day.replace(day=1) + timedelta(days=32)).replace(day=1)
