"""Dates in the formats of settings, and the periods of charts.

Invariant: text that goes to the database is ISO, text that people see is in their format.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from frappe_engine.context.translate import _
from frappe_engine.kit import dateformats as formats
from frappe_engine.kit import timespans

from frappe.utils import data
from frappe.utils.data import (
    add_to_date,
    cstr,
    get_datetime,
    get_start_of_week_index,
    get_user_date_format,
    getdate,
)

__all__ = [
    "dateformats",
    "datetime_in_user_format",
    "get_dates_from_timegrain",
    "get_from_date_from_timespan",
    "get_period",
    "get_period_beginning",
    "get_period_ending",
    "get_user_date_format",
    "getdate",
    "parse_date",
    "user_to_str",
]

dateformats = formats.STRFTIME_OF


def user_to_str(date: str, date_format: str | None = None) -> str:
    """Read a date in the user's format (or `date_format`) and give it as ISO text. Raises `ValueError`."""
    if not date:
        return date
    wanted = date_format or get_user_date_format()
    try:
        return datetime.datetime.strptime(date, formats.strftime_of(wanted)).strftime("%Y-%m-%d")
    except ValueError as error:
        raise ValueError(_("Date {0} must be in format: {1}").format(date, wanted)) from error


def parse_date(date: Any) -> str:
    """Read a date in the user's format, or else in any format of the settings, and give it as ISO text.

    A time after the date is dropped. Raises `ValueError`.
    """
    text = cstr(date).strip().split(" ")[0]
    own = get_user_date_format()
    for date_format in _formats_to_try(own):
        separator = next((mark for mark in "-/." if mark in date_format), "-")
        try:
            return user_to_str(re.sub("[-/.]", separator, text) or " ", date_format)
        except ValueError:
            continue
    message = _("Cannot understand date {0}. Try formatting it like your default format: {1}")
    raise ValueError(message.format(cstr(date), own))


def _formats_to_try(own: str) -> list[str]:
    """The user's format, then those with day and month in the same order, then the others."""
    day_first = own.lower().find("d") < own.lower().find("m")
    others = [known for known in formats.STRFTIME_OF if known != own]
    return [own, *sorted(others, key=lambda known: (known.find("d") < known.find("m")) != day_first)]


def datetime_in_user_format(date_time: Any) -> str:
    """Write a date and time in the user's date format, hours and minutes after it; "" when it is empty."""
    if not date_time:
        return ""
    moment = get_datetime(date_time)
    return f"{data.formatdate(moment.date())} {moment:%H:%M}"


def get_dates_from_timegrain(from_date: Any, to_date: Any, timegrain: str = "Daily") -> list[datetime.date]:
    """Give the ends of the periods (days, weeks, months …) that two dates span."""
    first, last = data.getdate(from_date), data.getdate(to_date)
    if first is None or last is None:
        return []
    return list(timespans.period_endings(first, last, timegrain, get_start_of_week_index()))


def get_from_date_from_timespan(to_date: Any, timespan: str) -> Any:
    """Give the beginning of "Last Week", "Last Month", "Last Quarter", "Last Year" or "All Time" before `to_date`."""
    back = _TIMESPANS.get(timespan, {})
    return add_to_date(
        to_date,
        years=back.get("years", 0),
        months=back.get("months", 0),
        days=back.get("days", 0),
        as_datetime=True,
    )


_TIMESPANS: dict[str, dict[str, int]] = {
    "Last Week": {"days": -7},
    "Last Month": {"months": -1},
    "Last Quarter": {"months": -3},
    "Last Year": {"years": -1},
    "All Time": {"years": -50},
}


def get_period(date: Any, interval: str = "Monthly") -> str:
    """Give the name of the period that a date lies in: "Feb 2024", "Quarter 1 2024"."""
    day = _required(date)
    if interval in ("Daily", "Weekly"):
        return f"{day:%d-%m-%y}"
    if interval == "Monthly":
        return f"{_(f'{day:%b}')} {day.year}"
    if interval == "Quarterly":
        return f"{_('Quarter')} {(day.month - 1) // 3 + 1} {day.year}"
    if interval == "Yearly":
        return str(day.year)
    raise timespans.UnknownTimeGrain(interval)


def get_period_beginning(date: Any, timegrain: str, as_str: bool = True) -> datetime.date:
    """Give the first day of the period that a date lies in."""
    return timespans.period_beginning(_required(date), timegrain, get_start_of_week_index())


def get_period_ending(date: Any, timegrain: str) -> datetime.date:
    """Give the last day of the period that a date lies in."""
    return timespans.period_ending(_required(date), timegrain, get_start_of_week_index())


def _required(value: Any) -> datetime.date:
    day = getdate(value)
    if day is None:
        raise ValueError(_("{0} is not a valid date string.").format(value))
    return day
