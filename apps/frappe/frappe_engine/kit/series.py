"""Figures over time: what belongs to each period, and what periods are called.

Invariant: every figure is in exactly one period; a period without figures is there with 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from frappe_engine.kit.dates import add_to_date, getdate
from frappe_engine.kit.timespans import period_beginning, period_ending, period_endings

SPANS: Final[dict[str, dict[str, Any]]] = {
    "Last Week": {"days": -7},
    "Last Month": {"months": -1},
    "Last Quarter": {"months": -3},
    "Last Year": {"years": -1},
    "All Time": {"years": -50},
}


def beginning_of(timespan: str, today: date) -> date:
    """Give the first day of a time span that ends today; an unknown one is the last year."""
    return getdate(add_to_date(today, **SPANS.get(timespan, SPANS["Last Year"]))) or today


def by_period(
    figures: Iterable[tuple[date, float, float]],
    first: date,
    last: date,
    grain: str,
    *,
    average: bool = False,
    first_day_of_week: int = 6,
) -> list[tuple[date, float]]:
    """Give (last day, figure) of all periods from `first` to `last`: the sum of the figures (day, sum, count) in it,
    or their average."""
    sums: dict[date, tuple[float, float]] = {}
    for day, value, count in figures:
        ending = period_ending(day, grain, first_day_of_week)
        before = sums.get(ending, (0.0, 0.0))
        sums[ending] = (before[0] + value, before[1] + count)
    found = []
    for ending in period_endings(first, last, grain, first_day_of_week):
        total, count = sums.get(ending, (0.0, 0.0))
        found.append((ending, (total / count if count else 0.0) if average else total))
    return found


def first_day(day: date, grain: str, first_day_of_week: int = 6) -> date:
    """Give the first day of the period a day is in."""
    return period_beginning(day, grain, first_day_of_week)


def top_groups(groups: Sequence[tuple[str, float]], count: int, other: str) -> list[tuple[str, float]]:
    """Give the largest `count` groups (0: all), the rest together as the last one of them, called `other`."""
    ordered = sorted(groups, key=lambda group: -group[1])
    if not count or len(ordered) <= count:
        return ordered
    rest = sum(value for _name, value in ordered[count - 1 :])
    return [*ordered[: count - 1], (other, rest)]


def day_after(day: date) -> date:
    """Give the next day."""
    return day + timedelta(days=1)
