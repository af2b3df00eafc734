"""Dates, moments and durations, as ISO text."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from frappe_engine.database.functions.registry import Value, sql_function

Writer = Callable[[datetime], str]


def to_moment(value: Value) -> datetime | None:
    """Read stored text (or a number like 20240131) as a moment; None when it is none."""
    text = str(value).strip()
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    parts = _LOOSE.match(text)
    if parts is not None:
        return _from_parts(parts)
    digits = text.split(".")[0]
    for form, length in (("%Y%m%d", 8), ("%Y%m%d%H%M%S", 14)):
        if digits.isdigit() and len(digits) == length:
            try:
                return datetime.strptime(digits, form)
            except ValueError:
                return None
    return None


_LOOSE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?\Z")


def _from_parts(parts: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in parts.groups())
    try:
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None


def _has_time(value: Value) -> bool:
    return len(str(value)) > 10


def _write(moment: datetime, *, with_time: bool) -> str:
    if not with_time:
        return moment.date().isoformat()
    return moment.isoformat(sep=" ", timespec="microseconds" if moment.microsecond else "seconds")


def add_interval(value: Value, amount: float, unit: str) -> str | None:
    """Add `amount` units to a date or moment, month ends kept inside the month."""
    moment = to_moment(value)
    if moment is None:
        return None
    unit = unit.lower()
    with_time = _has_time(value) or unit in {"second", "minute", "hour", "microsecond"}
    if unit in {"month", "quarter", "year"}:
        months = int(amount) * {"month": 1, "quarter": 3, "year": 12}[unit]
        moment = _add_months(moment, months)
    else:
        moment += timedelta(**{f"{unit}s": float(amount)})
    return _write(moment, with_time=with_time)


def _add_months(moment: datetime, months: int) -> datetime:
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


sql_function("ec_add_interval", 3)(add_interval)


@sql_function("ec_sub_interval", 3)
def _sub_interval(value: Value, amount: float, unit: str) -> str | None:
    return add_interval(value, -float(amount), unit)


@sql_function("timestamp", 1)
def _timestamp(value: Value) -> str | None:
    moment = to_moment(value)
    return None if moment is None else _write(moment, with_time=True)


@sql_function("timestamp", 2)
def _timestamp_two(day: Value, time: Value) -> str | None:
    moment = to_moment(day)
    return None if moment is None else _write(moment + to_duration(time), with_time=True)


def to_duration(value: Value) -> timedelta:
    """Read 'HH:MM:SS[.ffffff]' (hours may exceed 24, a sign may lead) or seconds as a duration."""
    if isinstance(value, (int, float)):
        return timedelta(seconds=value)
    text = str(value).strip()
    if len(text) > 10 and text[4] == "-":
        text = text[11:]
    sign = -1 if text.startswith("-") else 1
    hours, minutes, seconds = [*text.lstrip("-").split(":"), "0", "0"][:3]
    return sign * timedelta(hours=int(hours or 0), minutes=int(minutes), seconds=float(seconds))


def write_duration(duration: timedelta) -> str:
    """Write a duration as 'HH:MM:SS[.ffffff]' with a sign where negative."""
    microseconds = duration // timedelta(microseconds=1)
    sign = "-" if microseconds < 0 else ""
    seconds, micro = divmod(abs(microseconds), 1_000_000)
    text = f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{text}.{micro:06d}" if micro else text


@sql_function("datediff", 2)
def _datediff(later: Value, earlier: Value) -> int | None:
    one, two = to_moment(later), to_moment(earlier)
    return None if one is None or two is None else (one.date() - two.date()).days


@sql_function("timediff", 2)
def _timediff(later: Value, earlier: Value) -> str | None:
    one, two = to_moment(later), to_moment(earlier)
    if one is None or two is None:
        return write_duration(to_duration(later) - to_duration(earlier))
    return write_duration(one - two)


@sql_function("time_to_sec", 1)
def _time_to_sec(value: Value) -> int:
    return int(to_duration(value).total_seconds())


@sql_function("sec_to_time", 1)
def _sec_to_time(value: Value) -> str:
    return write_duration(timedelta(seconds=float(value)))


@sql_function("ec_timestampdiff", 3)
def _timestampdiff(unit: str, earlier: Value, later: Value) -> int | None:
    one, two = to_moment(earlier), to_moment(later)
    if one is None or two is None:
        return None
    unit = unit.lower()
    if unit in {"month", "quarter", "year"}:
        return int(_whole_months(one, two) / {"month": 1, "quarter": 3, "year": 12}[unit])
    whole = abs(two - one) // _UNITS[unit]
    return whole if two >= one else -whole


_UNITS = {unit: timedelta(**{f"{unit}s": 1}) for unit in ("microsecond", "second", "minute", "hour", "day", "week")}


def _whole_months(earlier: datetime, later: datetime) -> int:
    if later < earlier:
        return -_whole_months(later, earlier)
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (1 if (later.day, later.time()) < (earlier.day, earlier.time()) else 0)


_FORMATS: dict[str, Writer] = {
    "Y": lambda m: f"{m.year:04d}",
    "y": lambda m: f"{m.year % 100:02d}",
    "m": lambda m: f"{m.month:02d}",
    "c": lambda m: str(m.month),
    "d": lambda m: f"{m.day:02d}",
    "e": lambda m: str(m.day),
    "H": lambda m: f"{m.hour:02d}",
    "k": lambda m: str(m.hour),
    "h": lambda m: f"{(m.hour % 12) or 12:02d}",
    "I": lambda m: f"{(m.hour % 12) or 12:02d}",
    "l": lambda m: str((m.hour % 12) or 12),
    "i": lambda m: f"{m.minute:02d}",
    "s": lambda m: f"{m.second:02d}",
    "S": lambda m: f"{m.second:02d}",
    "f": lambda m: f"{m.microsecond:06d}",
    "p": lambda m: "AM" if m.hour < 12 else "PM",
    "r": lambda m: m.strftime("%I:%M:%S %p"),
    "T": lambda m: m.strftime("%H:%M:%S"),
    "j": lambda m: f"{m.timetuple().tm_yday:03d}",
    "W": lambda m: m.strftime("%A"),
    "a": lambda m: m.strftime("%a"),
    "M": lambda m: m.strftime("%B"),
    "b": lambda m: m.strftime("%b"),
    "w": lambda m: str((m.weekday() + 1) % 7),
    "U": lambda m: f"{week_number(m, 0)[1]:02d}",
    "u": lambda m: f"{week_number(m, 1)[1]:02d}",
    "V": lambda m: f"{week_number(m, 2)[1]:02d}",
    "v": lambda m: f"{week_number(m, 3)[1]:02d}",
    "X": lambda m: f"{week_number(m, 2)[0]:04d}",
    "x": lambda m: str(m.isocalendar().year),
    "%": lambda m: "%",
}


@sql_function("date_format", 2)
def _date_format(value: Value, form: str) -> str | None:
    moment = to_moment(value)
    if moment is None:
        return None
    return _write_format(moment, form)


def _write_format(moment: datetime, form: str) -> str:
    def part(match: re.Match[str]) -> str:
        writer = _FORMATS.get(match[1])
        return writer(moment) if writer else match[1]

    return re.sub(r"%(.)", part, form)


@sql_function("time_format", 2)
def _time_format(value: Value, form: str) -> str | None:
    return _write_format(datetime(2000, 1, 1) + to_duration(value), form)


@sql_function("str_to_date", 2)
def _str_to_date(text: str, form: str) -> str | None:
    python = {"i": "M", "s": "S", "M": "B", "e": "d", "c": "m", "k": "H", "h": "I", "l": "I", "T": "H:%M:%S"}
    pattern = re.sub(r"%(.)", lambda match: "%" + python.get(match[1], match[1]), form)
    try:
        moment = datetime.strptime(text, pattern)
    except ValueError:
        return None
    return _write(moment, with_time=any(f"%{letter}" in form for letter in "HkhIlisSTf"))


@sql_function("unix_timestamp", 1)
def _unix_timestamp(value: Value) -> float | None:
    moment = to_moment(value)
    if moment is None:
        return None
    seconds = moment.astimezone().timestamp()
    return int(seconds) if seconds == int(seconds) else seconds


@sql_function("unix_timestamp", 0, deterministic=False)
def _unix_now() -> int:
    return int(datetime.now(UTC).timestamp())


@sql_function("from_unixtime", 1)
def _from_unixtime(seconds: float) -> str:
    return _write(datetime.fromtimestamp(float(seconds)), with_time=True)


def _now() -> str:
    return datetime.now().isoformat(sep=" ", timespec="seconds")


for _name in ("now", "sysdate"):
    sql_function(_name, 0, deterministic=False)(_now)


@sql_function("curdate", 0, deterministic=False)
def _curdate() -> str:
    return date.today().isoformat()


@sql_function("curtime", 0, deterministic=False)
def _curtime() -> str:
    return datetime.now().strftime("%H:%M:%S")


def _part(name: str, part: Callable[[datetime], Value]) -> None:
    @sql_function(name, 1)
    def extract(value: Value) -> Value:
        moment = to_moment(value)
        return None if moment is None else part(moment)


_part("year", lambda m: m.year)
_part("month", lambda m: m.month)
_part("day", lambda m: m.day)
_part("dayofmonth", lambda m: m.day)
_part("quarter", lambda m: (m.month + 2) // 3)
_part("dayofyear", lambda m: m.timetuple().tm_yday)
_part("dayofweek", lambda m: (m.weekday() + 1) % 7 + 1)
_part("weekday", lambda m: m.weekday())
_part("week", lambda m: week_number(m, 0)[1])
_part("weekofyear", lambda m: m.isocalendar().week)
_part("yearweek", lambda m: _year_and_week(m, 0))
_part("monthname", lambda m: m.strftime("%B"))
_part("dayname", lambda m: m.strftime("%A"))
_part("last_day", lambda m: m.replace(day=monthrange(m.year, m.month)[1]).date().isoformat())
_part("to_days", lambda m: m.toordinal() + 365)


def week_number(moment: datetime, mode: int) -> tuple[int, int]:
    """Give year and week of a day in one of MariaDB's eight modes.

    Odd modes begin weeks on Monday; 2, 3, 6, 7 count from 1 to 53, the others from 0; in 1, 3, 4, 6 the first week is
    that with four or more days in the year, in the others the first that begins in it.
    """
    day = moment.date()
    start = _first_week(day.year, mode)
    if mode & 2:
        if day < start:
            return day.year - 1, (day - _first_week(day.year - 1, mode)).days // 7 + 1
        if day >= _first_week(day.year + 1, mode):
            return day.year + 1, 1
    return day.year, (day - start).days // 7 + 1 if day >= start else 0


def _first_week(year: int, mode: int) -> date:
    """The day on which week 1 of a year begins."""
    new_year = date(year, 1, 1)
    days_before = (new_year.weekday() - (0 if mode & 1 else 6)) % 7
    by_majority = bool(mode & 1) != bool(mode & 4)
    if days_before == 0 or (by_majority and days_before <= 3):
        return new_year - timedelta(days=days_before)
    return new_year + timedelta(days=7 - days_before)


def _year_and_week(moment: datetime, mode: int) -> int:
    year, week = week_number(moment, int(mode) | 2)
    return year * 100 + week


@sql_function("week", 2)
def _week(value: Value, mode: int) -> int | None:
    moment = to_moment(value)
    return None if moment is None else week_number(moment, int(mode))[1]


@sql_function("yearweek", 2)
def _yearweek(value: Value, mode: int) -> int | None:
    moment = to_moment(value)
    return None if moment is None else _year_and_week(moment, int(mode))


@sql_function("date", 1)
def _date(value: Value) -> str | None:
    moment = to_moment(value)
    return None if moment is None else moment.date().isoformat()


@sql_function("time", 1)
def _time(value: Value) -> str:
    return write_duration(to_duration(value))


@sql_function("addtime", 2)
def _addtime(value: Value, span: Value) -> str:
    return _shift_time(value, to_duration(span))


@sql_function("subtime", 2)
def _subtime(value: Value, span: Value) -> str:
    return _shift_time(value, -to_duration(span))


def _shift_time(value: Value, span: timedelta) -> str:
    moment = to_moment(value)
    return write_duration(to_duration(value) + span) if moment is None else _write(moment + span, with_time=True)


@sql_function("makedate", 2)
def _makedate(year: int, day: int) -> str | None:
    return (date(int(year), 1, 1) + timedelta(days=int(day) - 1)).isoformat() if int(day) > 0 else None


@sql_function("from_days", 1)
def _from_days(number: int) -> str:
    return date.fromordinal(int(number) - 365).isoformat()


@sql_function("period_diff", 2)
def _period_diff(later: int, earlier: int) -> int:
    one, two = (int(period) // 100 * 12 + int(period) % 100 for period in (later, earlier))
    return one - two


@sql_function("utc_timestamp", 0, deterministic=False)
def _utc_timestamp() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")


@sql_function("utc_date", 0, deterministic=False)
def _utc_date() -> str:
    return datetime.now(UTC).date().isoformat()


def _time_part(name: str, part: Callable[[timedelta], Value]) -> None:
    @sql_function(name, 1)
    def extract(value: Value) -> Value:
        return part(to_duration(value))


_time_part("hour", lambda d: int(abs(d).total_seconds()) // 3600)
_time_part("minute", lambda d: int(abs(d).total_seconds()) // 60 % 60)
_time_part("microsecond", lambda d: abs(d).microseconds)
_time_part("second", lambda d: int(abs(d).total_seconds()) % 60)
