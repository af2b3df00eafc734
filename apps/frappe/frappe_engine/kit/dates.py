"""Dates and times: reading them from anything, and moving along the calendar.

Invariant: nothing here looks at a clock; where a text leaves something open (a year, a day), `today` closes it.
Date texts are ISO (`2024-01-31`, `2024-01-31 10:11:12.000005`) on the fast path; others are read as people write them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from typing import Any, Final

DATE_FORMAT: Final = "%Y-%m-%d"
TIME_FORMAT: Final = "%H:%M:%S.%f"
DATETIME_FORMAT: Final = f"{DATE_FORMAT} {TIME_FORMAT}"

DateLike = str | date | datetime
_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SOME_DAY: Final = date(2000, 1, 1)


class InvalidDate(ValueError):
    """A text (`text`) is no date, time or date and time."""

    http_status_code = 417  # who sent it is told; nothing is wrong with the server

    def __init__(self, message: str, text: object = "") -> None:
        super().__init__(message)
        self.text = text if isinstance(text, str) else ""


class Weekday(IntEnum):
    """Days of the week as settings name them; Sunday is 0."""

    Sunday = 0
    Monday = 1
    Tuesday = 2
    Wednesday = 3
    Thursday = 4
    Friday = 5
    Saturday = 6


# --- reading -------------------------------------------------------------------------------------------------------


def iso_date(value: Any) -> date | None:
    """Read a date, a datetime or an ISO text as a date; None for everything else. The fast path of `getdate`."""
    kind = type(value)
    if kind is str:
        if value[4:5] == "-" and value[7:8] == "-":
            try:
                if len(value) > 10:
                    found = datetime.fromisoformat(value).date()
                else:
                    found = date.fromisoformat(value)
            except ValueError:
                return None
            return found if found.year > 1 else None
        return None
    if kind is date:
        return value  # type: ignore[no-any-return]
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def getdate(value: Any, today: date | None = None, day_first: bool = False) -> date | None:
    """Read `value` as a date; `today` when it is empty (None, "", 0).

    Zero dates ("0000-00-00") and values that are neither text nor date give None. `day_first` reads 01/02/2024 as
    the first of February. Raises `InvalidDate`.
    """
    if not day_first:
        found = iso_date(value)
        if found is not None:
            return found
    if not value:
        return today
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if not isinstance(value, str) or is_invalid_date_string(value):
        return None
    return _parse(value, today, day_first).date()


def iso_datetime(text: str) -> datetime | None:
    """Read ISO text as a datetime; None for other texts and zero dates. The fast path of `get_datetime`."""
    if text[4:5] != "-" or text[7:8] != "-":
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year > 1 else None


def get_datetime(value: Any, now: datetime | None = None) -> datetime | timedelta | None:
    """Read `value` as a naive or aware datetime; `now` for None, None for what can't be read as one.

    A date is its midnight, a list or tuple its parts; a timedelta comes back unchanged. Raises `InvalidDate`.
    """
    if type(value) is str:
        found = iso_datetime(value)
        if found is not None:
            return found
        if is_invalid_date_string(value):
            return None
        return _parse(value, now.date() if now else None, False)
    if value is None:
        return now
    if isinstance(value, (datetime, timedelta)):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, (list, tuple)):
        return datetime(*value)
    return None


def _parse(text: str, today: date | None, day_first: bool) -> datetime:
    from dateutil import parser  # slow to load, and needed only for texts that are not ISO

    default = today or _SOME_DAY
    try:
        found: datetime = parser.parse(
            text, dayfirst=day_first, default=datetime(default.year, default.month, default.day)
        )
    except (ValueError, OverflowError) as error:
        raise InvalidDate(f"{text} is not a valid date string.", text) from error
    return found


def is_invalid_date_string(date_string: Any) -> bool:
    """Tell whether `date_string` is a zero date ("0000-00-00", "0001-01-01"), or no text at all."""
    return not isinstance(date_string, str) or not date_string or date_string.startswith(("0001-01-01", "0000-00-00"))


def get_time(value: Any) -> time:
    """Read a time of day from text, time, datetime or timedelta (days are dropped). Raises `InvalidDate`."""
    if isinstance(value, str):
        try:
            if value[2:3] == ":":
                return time.fromisoformat(value)
        except ValueError:
            pass
        span = parse_timedelta(value) if ":" in value and not value.startswith("-") else None
        if span is not None and _parts_are_clock(value):
            return time_of_day(span)
        return _parse(value, None, False).time()
    if isinstance(value, timedelta):
        return time_of_day(value)
    if isinstance(value, time):
        return value
    if isinstance(value, datetime):
        return value.time()
    raise InvalidDate(f"{value!r} is not a time")


def _parts_are_clock(text: str) -> bool:
    minutes_seconds = text.rpartition(" ")[2].split(":")[1:]
    return all(float(part) < 60 for part in minutes_seconds)


def time_of_day(span: timedelta) -> time:
    """Give the time of day at `span` after a midnight."""
    return (datetime(2000, 1, 1) + timedelta(seconds=span.seconds, microseconds=span.microseconds)).time()


def to_timedelta(value: Any) -> Any:
    """Read a time of day (text or time) as the span since midnight; other values come back unchanged.

    Raises `InvalidDate` for text that is no time of day.
    """
    if isinstance(value, str):
        moment = _clock_time(value)
    elif isinstance(value, time):
        moment = value
    else:
        return value
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)


def _clock_time(text: str) -> time:
    if text[2:3] == ":":
        try:
            return time.fromisoformat(text)
        except ValueError:
            pass
    return _parse(text, None, False).time()


def get_timedelta(value: Any = None) -> timedelta | None:
    """Read a span ("10:11:12", "1 day, 2:03:04", a timedelta); empty is zero, None for what is no span."""
    if not value:
        return timedelta()
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        return None
    span = parse_timedelta(value)
    if span is not None and _parts_are_clock(value):
        return span
    try:
        result: timedelta = to_timedelta(value)
    except InvalidDate:
        return None
    return result


def parse_timedelta(text: str) -> timedelta | None:
    """Read "H:MM:SS[.ffffff]" or "N day(s), H:MM:SS[.ffffff]"; None for any other text."""
    days_text, separator, clock = text.rpartition(", ")
    days = 0
    try:
        if separator:
            number, unit = days_text.split(" ")
            if unit not in ("day", "days"):
                return None
            days = int(number)
        hours, minutes, seconds = clock.split(":")
        if not (hours.isdigit() and minutes.isdigit()):
            return None
        return timedelta(days=days, hours=int(hours), minutes=int(minutes), seconds=float(seconds))
    except ValueError:
        return None


def format_timedelta(o: Any) -> str:
    """Write a span as "H:MM:SS[.ffffff]", hours beyond 24 and a minus sign where needed.

    Numbers (and texts of numbers) are seconds; anything else is "0:00:00".
    """
    if isinstance(o, timedelta):
        microseconds = (o.days * 86400 + o.seconds) * 1_000_000 + o.microseconds
    else:
        try:
            microseconds = int(float(o)) * 1_000_000
        except (TypeError, ValueError, OverflowError):
            microseconds = 0
    sign = "-" if microseconds < 0 else ""
    seconds, fraction = divmod(abs(microseconds), 1_000_000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    tail = f".{fraction:06d}".rstrip("0") if fraction else ""
    return f"{sign}{hours}:{minute:02d}:{second:02d}{tail}"


# --- writing -------------------------------------------------------------------------------------------------------


def date_text(value: date) -> str:
    """Write a date or the date of a datetime as ISO text."""
    return f"{value.year:04d}-{value.month:02d}-{value.day:02d}"


def datetime_text(value: date) -> str:
    """Write a datetime (a date: its midnight) as ISO text with microseconds, without a zone."""
    if not isinstance(value, datetime):
        return f"{date_text(value)} 00:00:00.000000"
    clock = f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}.{value.microsecond:06d}"
    return f"{date_text(value)} {clock}"


# --- moving along the calendar -------------------------------------------------------------------------------------


def days_in_month(year: int, month: int) -> int:
    """Give the number of days of a month."""
    if month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return _DAYS[month - 1]


def shift(
    value: date,
    *,
    years: int = 0,
    months: int = 0,
    weeks: float = 0,
    days: float = 0,
    hours: float = 0,
    minutes: float = 0,
    seconds: float = 0,
) -> date:
    """Move a date or datetime: years and months first (the day is cut to the month's length), then the rest.

    A date moved by hours, minutes or seconds becomes a datetime. Raises `ValueError` for years or months that are
    not whole, `OverflowError` beyond year 1 or 9999.
    """
    moved = _shift_months(value, _whole(years) * 12 + _whole(months)) if years or months else value
    if not (hours or minutes or seconds):
        return moved + timedelta(weeks * 7 + days) if weeks or days else moved
    if not isinstance(moved, datetime):
        moved = datetime(moved.year, moved.month, moved.day)
    return moved + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _whole(count: float) -> int:
    if count != int(count):
        raise ValueError("years and months must be whole numbers")
    return int(count)


def _shift_months(value: date, months: int) -> date:
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("date value out of range")
    return value.replace(year=year, month=month + 1, day=min(value.day, days_in_month(year, month + 1)))


def add_to_date(
    value: DateLike,
    *,
    years: int = 0,
    months: int = 0,
    weeks: float = 0,
    days: float = 0,
    hours: float = 0,
    minutes: float = 0,
    seconds: float = 0,
    as_string: bool = False,
    as_datetime: bool = False,
    today: date | None = None,
) -> DateLike:
    """Move `value` (see `shift`) and give it back in its kind: text for text, else a date or datetime.

    Text comes back with its time when it had one, when hours are added, or with `as_datetime`. Raises `InvalidDate`.
    """
    with_time = as_datetime or bool(hours)
    if isinstance(value, str):
        as_string = True
        with_time = with_time or " " in value
        read = get_datetime(value, datetime(today.year, today.month, today.day) if today else None)
        if not isinstance(read, datetime):
            raise InvalidDate(f"{value!r} is not a date")
        value = read
    moved = shift(
        value, years=years, months=months, weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds
    )
    if not as_string:
        return moved
    return datetime_text(moved) if with_time else date_text(moved)


def month_diff(later: date, earlier: date) -> int:
    """Count the calendar months from `earlier` to `later`, both included: 1 within one month."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month + 1


def first_day_of_month(value: date, years: int = 0, months: int = 0) -> date:
    """Give the first day of the month of `value`, moved by whole years and months."""
    year, month = divmod((value.year + years) * 12 + value.month - 1 + months, 12)
    return date(year, month + 1, 1)


def last_day_of_month(value: date) -> date:
    """Give the last day of the month of `value`."""
    return date(value.year, value.month, days_in_month(value.year, value.month))


def is_last_day_of_month(value: date) -> bool:
    """Tell whether the month of `value` ends with it."""
    return value.day == days_in_month(value.year, value.month)


def quarter_start(value: date) -> date:
    """Give the first day of the calendar quarter of `value`."""
    return date(value.year, value.month - (value.month - 1) % 3, 1)


def quarter_end(value: date) -> date:
    """Give the last day of the calendar quarter of `value`."""
    month = value.month + 2 - (value.month - 1) % 3
    return date(value.year, month, days_in_month(value.year, month))


def year_start(value: date) -> date:
    """Give the first of January of the year of `value`."""
    return date(value.year, 1, 1)


def year_end(value: date) -> date:
    """Give the 31st of December of the year of `value`."""
    return date(value.year, 12, 31)


def week_start(value: date, first_day: int = Weekday.Sunday) -> date:
    """Give the day on which the week of `value` begins, when weeks begin on `first_day`."""
    return date(value.year, value.month, value.day) - timedelta(days=days_into_week(value, first_day))


def week_end(value: date, first_day: int = Weekday.Sunday) -> date:
    """Give the last day of the week of `value`, when weeks begin on `first_day`."""
    return week_start(value, first_day) + timedelta(days=6)


def days_into_week(value: date, first_day: int = Weekday.Sunday) -> int:
    """Count the days from the beginning of the week to `value`: 0 on `first_day`."""
    return (weekday_index(value) - first_day) % 7


def weekday_index(value: date) -> int:
    """Give the day of the week, Sunday 0 to Saturday 6."""
    return (value.weekday() + 1) % 7


def weekday_named(name: str | None) -> Weekday:
    """Give the day called `name` in English; Sunday when it is empty or unknown."""
    return Weekday.__members__.get(name or "", Weekday.Sunday)


WEEKDAY_NAMES: Final[Sequence[str]] = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
MONTH_NAMES: Final[Sequence[str]] = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
