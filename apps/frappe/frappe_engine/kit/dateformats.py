"""Dates, times and durations as people read them, in their language.

Invariant: patterns are those of the Unicode date format standard, except that "mm" next to days and years means the
month, as settings write it ("dd-mm-yyyy"). Purely numeric patterns never load the locale data.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

from frappe_engine.kit.numbers import cint

NAMED_FORMATS: Final = frozenset({"short", "medium", "long", "full"})

# What settings offer for dates, as strftime patterns.
STRFTIME_OF: Final = {
    "yyyy-mm-dd": "%Y-%m-%d",
    "mm/dd/yyyy": "%m/%d/%Y",
    "mm-dd-yyyy": "%m-%d-%Y",
    "mm/dd/yy": "%m/%d/%y",
    "dd-mmm-yyyy": "%d-%b-%Y",
    "dd-mm-yyyy": "%d-%m-%Y",
    "dd/mm/yyyy": "%d/%m/%Y",
    "dd.mm.yyyy": "%d.%m.%Y",
    "dd.mm.yy": "%d.%m.%y",
    "dd/mm/yy": "%d/%m/%y",
    "yyyy/mm/dd": "%Y/%m/%d",
}
_NUMERIC_DATE: Final = re.compile(r"(yyyy|yy|mm|MM|dd)(?![a-zA-Z])")
_DURATION: Final = re.compile(r"\s*(?:(\d+)d)?(?:(?:^|\s)(\d+)h)?(?:(?:^|\s)(\d+)m)?(?:(?:^|\s)(\d+)s)?")


class InvalidDuration(ValueError):
    """A text is no duration like "1d 2h 3m 4s"."""


# --- dates and times -----------------------------------------------------------------------------------------------


def format_date(value: date, pattern: str = "yyyy-mm-dd", locale: str = "en") -> str:
    """Write a date by `pattern` ("dd-mm-yyyy", "d MMMM yyyy") or a named format (short, medium, long, full).

    An unknown locale writes dates by numbers only.
    """
    template = _numeric_template(pattern)
    if template is not None:
        return template.format(value.year, value.month, value.day, value.year % 100)
    from babel import dates as babel_dates  # locale data is slow to load

    babel_locale = _locale(locale)
    if babel_locale is None:
        return value.strftime("%Y-%m-%d" if pattern in NAMED_FORMATS else strftime_of(pattern))
    day = value.date() if isinstance(value, datetime) else value
    return str(babel_dates.format_date(day, format=_months_not_minutes(pattern), locale=babel_locale))


def format_time(value: time, pattern: str = "HH:mm:ss", locale: str = "en") -> str:
    """Write a time of day by `pattern` or a named format; "HH:mm:ss" where the locale is unknown."""
    if pattern == "HH:mm:ss":
        return f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}"
    if pattern == "HH:mm":
        return f"{value.hour:02d}:{value.minute:02d}"
    from babel import dates as babel_dates  # locale data is slow to load

    babel_locale = _locale(locale)
    if babel_locale is None:
        return f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}"
    return str(babel_dates.format_time(value, format=pattern, locale=babel_locale))


def format_datetime(value: datetime, pattern: str, locale: str = "en") -> str:
    """Write a date and time by `pattern` or a named format; ISO where the locale is unknown."""
    from babel import dates as babel_dates  # locale data is slow to load

    babel_locale = _locale(locale)
    if babel_locale is None:
        return value.strftime("%Y-%m-%d %H:%M:%S")
    naive = value.replace(tzinfo=None)
    return str(babel_dates.format_datetime(naive, format=pattern, locale=babel_locale))


def format_date_and_time(value: datetime, date_pattern: str, time_pattern: str, locale: str = "en") -> str:
    """Write a date by one pattern and its time by another, parted by a space."""
    return f"{format_date(value, date_pattern, locale)} {format_time(value.time(), time_pattern, locale)}"


def pretty_date(value: datetime, now: datetime, locale: str = "en") -> str:
    """Tell how far `value` is from `now`: "2 hours ago", "in 1 day"."""
    from babel import dates as babel_dates  # locale data is slow to load

    delta = value - now
    return str(babel_dates.format_timedelta(delta, add_direction=True, locale=_locale(locale) or "en"))


def eta(started: datetime, now: datetime, percent_complete: float) -> timedelta:
    """Estimate the time left of work begun at `started`, when `percent_complete` of it is done by `now`."""
    elapsed = now - started
    return elapsed * ((100 - percent_complete) / percent_complete)


def strftime_of(pattern: str) -> str:
    """Give a settings' date pattern as a strftime pattern."""
    known = STRFTIME_OF.get(pattern)
    if known:
        return known
    return pattern.replace("MM", "mm").replace("mm", "%m").replace("dd", "%d").replace("yyyy", "%Y").replace("yy", "%y")


@lru_cache(maxsize=64)
def _numeric_template(pattern: str) -> str | None:
    if any(char.isalpha() and char not in "ymMd" for char in pattern):
        return None
    template = _NUMERIC_DATE.sub(
        lambda match: {"yyyy": "{0:04d}", "yy": "{3:02d}", "dd": "{2:02d}"}.get(match.group(), "{1:02d}"),
        pattern.replace("{", "{{").replace("}", "}}"),
    )
    rest = re.sub(r"\{\d:0\dd\}", "", template)
    return None if any(char.isalpha() for char in rest) else template


@lru_cache(maxsize=64)
def _months_not_minutes(pattern: str) -> str:
    if pattern in NAMED_FORMATS:
        return pattern
    return pattern.replace("m", "M").replace("Y", "y")


@lru_cache(maxsize=64)
def _locale(language: str) -> Any:
    from babel import Locale, UnknownLocaleError  # locale data is slow to load

    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None


# --- guessing ------------------------------------------------------------------------------------------------------

_GUESS_DATES: Final = (
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%m/%d/%Y",
    "%m-%d-%Y",
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%Y/%m/%d",
    "%d/%m/%y",
    "%d-%m-%y",
    "%m/%d/%y",
    "%m-%d-%y",
    "%y-%m-%d",
    "%y/%m/%d",
    "%d.%m.%y",
    "%y.%m.%d",
    "%d %b %Y",
    "%d %B %Y",
)
_GUESS_TIMES: Final = ("%H:%M:%S.%f", "%H:%M:%S", "%H:%M", "%I:%M:%S.%f %p", "%I:%M:%S %p", "%I:%M %p")


def guess_date_format(text: str) -> str | None:
    """Find the strftime pattern a text of a date, a time, or both parted by a space, is written in; None if none is.

    Where day and month can't be told apart, the day is taken to stand first.
    """
    text = text.strip()
    found = _first_fitting(text, _GUESS_DATES) or _first_fitting(text, _GUESS_TIMES)
    if found:
        return found
    day_text, _, clock_text = text.partition(" ")
    day = _first_fitting(day_text, _GUESS_DATES)
    clock = _first_fitting(clock_text, _GUESS_TIMES)
    return f"{day} {clock}" if day and clock else None


def _first_fitting(text: str, patterns: tuple[str, ...]) -> str | None:
    for pattern in patterns:
        try:
            datetime.strptime(text, pattern)
        except ValueError:
            continue
        return pattern
    return None


# --- durations -----------------------------------------------------------------------------------------------------


def format_duration(seconds: Any, hide_days: bool = False) -> str:
    """Write seconds as "1d 2h 3m 4s", parts of zero left out; days count as hours with `hide_days`."""
    total = cint(seconds)
    if not total:
        return ""
    minutes, second = divmod(total, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = (0, hours) if hide_days else divmod(hours, 24)
    parts = ((days, "d"), (hour, "h"), (minute, "m"), (second, "s"))
    return " ".join(f"{number}{unit}" for number, unit in parts if number)


def duration_to_seconds(text: str) -> int:
    """Read a duration "1d 2h 3m 4s" (any of the parts, in this order) as seconds. Raises `InvalidDuration`."""
    match = _DURATION.fullmatch(text)
    if not match:
        raise InvalidDuration(f"{text} is no duration: d h m s")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
