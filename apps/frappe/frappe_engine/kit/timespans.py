"""Spans of days that filters and charts name: "last month", "this quarter", "next 7 days"; and time grains.

Invariant: a span is a pair of dates, first and last day, both included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from frappe_engine.kit import dates

Span = tuple[date, date]


def timespan_range(timespan: str, today: date, first_day_of_week: int = dates.Weekday.Sunday) -> Span | None:
    """Give the first and last day of a span named relative to `today`; None when there is no such span.

    Months, quarters and years are those of the calendar. "last n days" ends and "next n days" begins with today.
    """
    days = _DAYS.get(timespan)
    if days is not None:
        offset = timedelta(days=days)
        return (today + offset, today) if days < 0 else (today, today + offset)
    if timespan in _WEEKS:
        day = today + timedelta(weeks=_WEEKS[timespan])
        return dates.week_start(day, first_day_of_week), dates.week_end(day, first_day_of_week)
    calendar = _CALENDAR.get(timespan)
    return calendar(today) if calendar else None


def _day(offset: int) -> Callable[[date], Span]:
    return lambda today: (today + timedelta(days=offset),) * 2


def _months(first: int, last: int) -> Callable[[date], Span]:
    return lambda today: (
        dates.first_day_of_month(today, months=first),
        dates.last_day_of_month(dates.first_day_of_month(today, months=last)),
    )


def _quarters(first: int, last: int) -> Callable[[date], Span]:
    return lambda today: (
        dates.quarter_start(dates.first_day_of_month(today, months=3 * first)),
        dates.quarter_end(dates.first_day_of_month(today, months=3 * last)),
    )


def _years(offset: int) -> Callable[[date], Span]:
    return lambda today: (date(today.year + offset, 1, 1), date(today.year + offset, 12, 31))


_DAYS: Final = {
    "last 7 days": -7,
    "last 14 days": -14,
    "last 30 days": -30,
    "last 90 days": -90,
    "next 7 days": 7,
    "next 14 days": 14,
    "next 30 days": 30,
}
_WEEKS: Final = {"last week": -1, "this week": 0, "next week": 1}
_CALENDAR: Final[dict[str, Callable[[date], Span]]] = {
    "yesterday": _day(-1),
    "today": _day(0),
    "tomorrow": _day(1),
    "last month": _months(-1, -1),
    "this month": _months(0, 0),
    "next month": _months(1, 1),
    "last quarter": _quarters(-1, -1),
    "this quarter": _quarters(0, 0),
    "next quarter": _quarters(1, 1),
    "last 6 months": _quarters(-2, -1),
    "next 6 months": _quarters(1, 2),
    "last year": _years(-1),
    "this year": _years(0),
    "next year": _years(1),
}
TIMESPANS: Final = (*_CALENDAR, *_WEEKS, *_DAYS)


# --- time grains of charts -----------------------------------------------------------------------------------------


class UnknownTimeGrain(KeyError):
    """Charts know Daily, Weekly, Monthly, Quarterly and Yearly."""


def period_beginning(day: date, grain: str, first_day_of_week: int = dates.Weekday.Sunday) -> date:
    """Give the first day of the period of `grain` that `day` lies in. Raises `UnknownTimeGrain`."""
    if grain == "Weekly":
        return dates.week_start(day, first_day_of_week)
    return _grain(grain)[0](day)


def period_ending(day: date, grain: str, first_day_of_week: int = dates.Weekday.Sunday) -> date:
    """Give the last day of the period of `grain` that `day` lies in. Raises `UnknownTimeGrain`."""
    if grain == "Weekly":
        return dates.week_end(day, first_day_of_week)
    return _grain(grain)[1](day)


def period_endings(
    first: date, last: date, grain: str, first_day_of_week: int = dates.Weekday.Sunday
) -> Iterator[date]:
    """Give the ends of all periods from the one of `first` to the one of `last`, in order."""
    ending = period_ending(first, grain, first_day_of_week)
    yield ending
    while ending < last:
        ending = period_ending(ending + timedelta(days=1), grain, first_day_of_week)
        yield ending


def _grain(grain: str) -> tuple[Callable[[date], date], Callable[[date], date]]:
    try:
        return _GRAINS[grain]
    except KeyError:
        raise UnknownTimeGrain(grain) from None


_GRAINS: Final[dict[str, tuple[Callable[[date], date], Callable[[date], date]]]] = {
    "Daily": (lambda day: day, lambda day: day),
    "Monthly": (dates.first_day_of_month, dates.last_day_of_month),
    "Quarterly": (dates.quarter_start, dates.quarter_end),
    "Yearly": (dates.year_start, dates.year_end),
}
