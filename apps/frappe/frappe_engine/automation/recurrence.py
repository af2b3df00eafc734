"""When something repeats: the dates of a schedule.

A schedule starts with the document that is repeated, so its first date comes a rhythm after its start.

Invariant: a schedule's dates only go forward; a day that a month does not have is that month's last.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = {"Monthly": 1, "Quarterly": 3, "Half-yearly": 6, "Yearly": 12}


@dataclass(frozen=True)
class Schedule:
    """A repetition: Daily, Weekly (on `weekdays`, else that of the start), or every 1, 3, 6, 12 months (on a day)."""

    start: date
    frequency: str
    end: date | None = None
    day_of_month: int = 0
    on_last_day: bool = False
    weekdays: Collection[str] = ()


def next_date(schedule: Schedule, after: date) -> date | None:
    """Give the first date of a schedule after a day; None when it has ended. The start itself is none."""
    found = _daily(schedule, after)
    if schedule.frequency == "Weekly":
        found = _weekly(schedule, after)
    elif schedule.frequency in MONTHS:
        found = _monthly(schedule, after)
    return None if schedule.end and found > schedule.end else found


def first_date(schedule: Schedule, today: date) -> date | None:
    """Give the first date of a schedule that is not over yet: today or later."""
    return next_date(schedule, today - timedelta(days=1))


def dates(schedule: Schedule, after: date, count: int) -> list[date]:
    """Give the next `count` dates, fewer when the schedule ends."""
    found: list[date] = []
    day: date | None = after
    while len(found) < count and day is not None:
        day = next_date(schedule, day)
        if day is not None:
            found.append(day)
    return found


def _daily(schedule: Schedule, after: date) -> date:
    return max(schedule.start, after) + timedelta(days=1)


def _weekly(schedule: Schedule, after: date) -> date:
    wanted = {WEEKDAYS.index(name) for name in schedule.weekdays if name in WEEKDAYS} or {schedule.start.weekday()}
    day = _daily(schedule, after)
    while day.weekday() not in wanted:
        day += timedelta(days=1)
    return day


def _monthly(schedule: Schedule, after: date) -> date:
    step = MONTHS[schedule.frequency]
    number = max(1, (_months(after) - _months(schedule.start)) // step - 1)
    while True:
        day = _on_day(schedule, _months(schedule.start) + number * step)
        if day > schedule.start and day > after:
            return day
        number += 1


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def _on_day(schedule: Schedule, months: int) -> date:
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    wanted = last if schedule.on_last_day else schedule.day_of_month or schedule.start.day
    return date(year, month + 1, min(wanted, last))
