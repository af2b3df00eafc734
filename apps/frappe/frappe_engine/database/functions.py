"""MariaDB's functions for SQLite: what apps' SQL calls that SQLite has not, registered on each connection.

Invariant: results equal MariaDB's for the same arguments (NULL in, NULL out, unless MariaDB says otherwise).
Date and time values travel as ISO text, as they are stored.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from typing import Any

Value = Any
SQLFunction = Callable[..., Value]
Writer = Callable[[datetime], str]

_REGISTERED: list[tuple[str, int, SQLFunction, bool]] = []


def _sql(
    name: str, arguments: int, *, deterministic: bool = True, nulls: bool = False
) -> Callable[[SQLFunction], SQLFunction]:
    """Register a function; without `nulls` any NULL argument gives NULL."""

    def register(function: SQLFunction) -> SQLFunction:
        @wraps(function)
        def null_safe(*values: Value) -> Value:
            return None if any(value is None for value in values) else function(*values)

        _REGISTERED.append((name, arguments, function if nulls else null_safe, deterministic))
        return function

    return register


def register_all(connection: sqlite3.Connection) -> None:
    """Make every function here known to `connection`."""
    for name, arguments, function, deterministic in _REGISTERED:
        connection.create_function(name, arguments, function, deterministic=deterministic)
    connection.create_aggregate("stddev", 1, StandardDeviation)  # type: ignore[arg-type]


# dates and times


def to_moment(value: Value) -> datetime | None:
    """Read stored text (or a number like 20240131) as a moment; None when it is none."""
    text = str(value).strip()
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    digits = text.split(".")[0]
    for form, length in (("%Y%m%d", 8), ("%Y%m%d%H%M%S", 14)):
        if digits.isdigit() and len(digits) == length:
            try:
                return datetime.strptime(digits, form)
            except ValueError:
                return None
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


_sql("ec_add_interval", 3)(add_interval)


@_sql("ec_sub_interval", 3)
def _sub_interval(value: Value, amount: float, unit: str) -> str | None:
    return add_interval(value, -float(amount), unit)


@_sql("timestamp", 1)
def _timestamp(value: Value) -> str | None:
    moment = to_moment(value)
    return None if moment is None else _write(moment, with_time=True)


@_sql("timestamp", 2)
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


@_sql("datediff", 2)
def _datediff(later: Value, earlier: Value) -> int | None:
    one, two = to_moment(later), to_moment(earlier)
    return None if one is None or two is None else (one.date() - two.date()).days


@_sql("timediff", 2)
def _timediff(later: Value, earlier: Value) -> str | None:
    one, two = to_moment(later), to_moment(earlier)
    if one is None or two is None:
        return write_duration(to_duration(later) - to_duration(earlier))
    return write_duration(one - two)


@_sql("time_to_sec", 1)
def _time_to_sec(value: Value) -> int:
    return int(to_duration(value).total_seconds())


@_sql("sec_to_time", 1)
def _sec_to_time(value: Value) -> str:
    return write_duration(timedelta(seconds=float(value)))


@_sql("ec_timestampdiff", 3)
def _timestampdiff(unit: str, earlier: Value, later: Value) -> int | None:
    one, two = to_moment(earlier), to_moment(later)
    if one is None or two is None:
        return None
    unit = unit.lower()
    if unit in {"month", "quarter", "year"}:
        return int(_whole_months(one, two) / {"month": 1, "quarter": 3, "year": 12}[unit])
    seconds = {"microsecond": 1e-6, "second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}[unit]
    return int((two - one).total_seconds() / seconds)


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
    "U": lambda m: m.strftime("%U"),
    "u": lambda m: m.strftime("%W"),
    "v": lambda m: f"{m.isocalendar().week:02d}",
    "x": lambda m: str(m.isocalendar().year),
    "%": lambda m: "%",
}


@_sql("date_format", 2)
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


@_sql("time_format", 2)
def _time_format(value: Value, form: str) -> str | None:
    return _write_format(datetime(2000, 1, 1) + to_duration(value), form)


@_sql("str_to_date", 2)
def _str_to_date(text: str, form: str) -> str | None:
    python = {"i": "M", "s": "S", "M": "B", "e": "d", "c": "m", "k": "H", "h": "I", "l": "I", "T": "H:%M:%S"}
    pattern = re.sub(r"%(.)", lambda match: "%" + python.get(match[1], match[1]), form)
    try:
        moment = datetime.strptime(text, pattern)
    except ValueError:
        return None
    return _write(moment, with_time=any(f"%{letter}" in form for letter in "HkhIlisSTf"))


@_sql("unix_timestamp", 1)
def _unix_timestamp(value: Value) -> float | None:
    moment = to_moment(value)
    if moment is None:
        return None
    seconds = moment.astimezone().timestamp()
    return int(seconds) if seconds == int(seconds) else seconds


@_sql("unix_timestamp", 0, deterministic=False)
def _unix_now() -> int:
    return int(datetime.now(UTC).timestamp())


@_sql("from_unixtime", 1)
def _from_unixtime(seconds: float) -> str:
    return _write(datetime.fromtimestamp(float(seconds)), with_time=True)


@_sql("now", 0, deterministic=False)
def _now() -> str:
    return datetime.now().isoformat(sep=" ", timespec="seconds")


@_sql("curdate", 0, deterministic=False)
def _curdate() -> str:
    return date.today().isoformat()


@_sql("curtime", 0, deterministic=False)
def _curtime() -> str:
    return datetime.now().strftime("%H:%M:%S")


def _part(name: str, part: Callable[[datetime], Value]) -> None:
    @_sql(name, 1)
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
_part("week", lambda m: int(m.strftime("%U")))
_part("weekofyear", lambda m: m.isocalendar().week)
_part("yearweek", lambda m: int(m.strftime("%Y%U")))
_part("monthname", lambda m: m.strftime("%B"))
_part("dayname", lambda m: m.strftime("%A"))
_part("last_day", lambda m: m.replace(day=monthrange(m.year, m.month)[1]).date().isoformat())
_part("to_days", lambda m: m.toordinal() + 365)


def _time_part(name: str, part: Callable[[timedelta], Value]) -> None:
    @_sql(name, 1)
    def extract(value: Value) -> Value:
        return part(to_duration(value))


_time_part("hour", lambda d: int(abs(d).total_seconds()) // 3600)
_time_part("minute", lambda d: int(abs(d).total_seconds()) // 60 % 60)
_time_part("second", lambda d: int(abs(d).total_seconds()) % 60)


# text


@_sql("concat", -1)
def _concat(*values: Value) -> str:
    return "".join(_text(value) for value in values)


@_sql("concat_ws", -1, nulls=True)
def _concat_ws(separator: str | None, *values: Value) -> str | None:
    return None if separator is None else separator.join(_text(value) for value in values if value is not None)


def _text(value: Value) -> str:
    return str(int(value)) if isinstance(value, float) and value == int(value) and abs(value) < 1e15 else str(value)


@_sql("locate", 2)
def _locate(needle: Value, text: Value) -> int:
    return str(text).lower().find(str(needle).lower()) + 1


@_sql("locate", 3)
def _locate_from(needle: Value, text: Value, start: int) -> int:
    return str(text).lower().find(str(needle).lower(), int(start) - 1) + 1


@_sql("substring_index", 3)
def _substring_index(text: Value, delimiter: str, count: int) -> str:
    parts = str(text).split(delimiter)
    if count == 0:
        return ""
    return delimiter.join(parts[:count]) if count > 0 else delimiter.join(parts[count:])


@_sql("ec_left", 2)
def _left(text: Value, length: int) -> str:
    return str(text)[: max(int(length), 0)]


@_sql("ec_right", 2)
def _right(text: Value, length: int) -> str:
    return str(text)[-int(length) :] if int(length) > 0 else ""


@_sql("lpad", 3)
def _lpad(text: Value, length: int, pad: str) -> str:
    text = str(text)
    return str(text[:length] if len(text) >= length else (pad * length)[: length - len(text)] + text)


@_sql("rpad", 3)
def _rpad(text: Value, length: int, pad: str) -> str:
    text = str(text)
    return str(text[:length] if len(text) >= length else text + (pad * length)[: length - len(text)])


@_sql("repeat", 2)
def _repeat(text: Value, count: int) -> str:
    return str(text) * max(int(count), 0)


@_sql("reverse", 1)
def _reverse(text: Value) -> str:
    return str(text)[::-1]


@_sql("char_length", 1)
def _char_length(text: Value) -> int:
    return len(str(text))


@_sql("field", -1, nulls=True)
def _field(value: Value, *options: Value) -> int:
    return next((number for number, option in enumerate(options, start=1) if _same(value, option)), 0)


def _same(one: Value, two: Value) -> bool:
    if one is None or two is None:
        return False
    return str(one).lower() == str(two).lower()


@_sql("find_in_set", 2)
def _find_in_set(value: Value, items: str) -> int:
    return next((n for n, item in enumerate(items.split(","), start=1) if item.lower() == str(value).lower()), 0)


@_sql("regexp", 2)
def _regexp(pattern: str, text: Value) -> int:
    return 1 if re.search(pattern, str(text), re.IGNORECASE) else 0


@_sql("regexp_replace", 3)
def _regexp_replace(text: Value, pattern: str, replacement: str) -> str:
    return re.sub(pattern, replacement, str(text))


@_sql("md5", 1)
def _md5(text: Value) -> str:
    import hashlib

    return hashlib.md5(str(text).encode(), usedforsecurity=False).hexdigest()


@_sql("sha2", 2)
def _sha2(text: Value, bits: int) -> str:
    import hashlib

    return hashlib.new(f"sha{bits or 256}", str(text).encode()).hexdigest()


@_sql("uuid", 0, deterministic=False)
def _uuid() -> str:
    import uuid

    return str(uuid.uuid1())


# numbers and choice


@_sql("if", 3, nulls=True)
def _if(condition: Value, then: Value, otherwise: Value) -> Value:
    return then if _true(condition) else otherwise


def _true(value: Value) -> bool:
    if isinstance(value, str):
        match = re.match(r"\s*-?\d+(\.\d+)?", value)
        return bool(match and float(match.group()))
    return bool(value)


@_sql("greatest", -1)
def _greatest(*values: Value) -> Value:
    return max(values)


@_sql("least", -1)
def _least(*values: Value) -> Value:
    return min(values)


@_sql("truncate", 2)
def _truncate(number: float, digits: int) -> float:
    scale = 10 ** int(digits)
    return float(math.trunc(float(number) * scale) / scale)


@_sql("mod", 2)
def _mod(number: float, divisor: float) -> float | None:
    return None if not divisor else math.fmod(number, divisor)


@_sql("ec_div", 2)
def _div(number: float, divisor: float) -> int | None:
    return None if not divisor else int(float(number) / float(divisor))


@_sql("rand", 0, deterministic=False)
def _rand() -> float:
    import random

    return random.random()


@_sql("database", 0)
def _database() -> str:
    return "main"


@_sql("version", 0)
def _version() -> str:
    return f"SQLite {sqlite3.sqlite_version}"


@_sql("json_unquote", 1)
def _json_unquote(value: Value) -> Value:
    text = str(value)
    return json.loads(text) if text.startswith('"') and text.endswith('"') else text


@_sql("json_contains", 2)
def _json_contains(document: str, candidate: str) -> int:
    return 1 if _contains(json.loads(document), json.loads(candidate)) else 0


def _contains(document: Any, candidate: Any) -> bool:
    if isinstance(document, list):
        items = candidate if isinstance(candidate, list) else [candidate]
        return all(any(_contains(entry, item) for entry in document) for item in items)
    if isinstance(document, dict) and isinstance(candidate, dict):
        return all(key in document and _contains(document[key], value) for key, value in candidate.items())
    return bool(document == candidate)


class StandardDeviation:
    """The population standard deviation of the values that are not NULL."""

    def __init__(self) -> None:
        self.values: list[float] = []

    def step(self, value: Value) -> None:
        """Take one value."""
        if value is not None:
            self.values.append(float(value))

    def finalize(self) -> float | None:
        """Give the result."""
        if not self.values:
            return None
        mean = sum(self.values) / len(self.values)
        return math.sqrt(sum((value - mean) ** 2 for value in self.values) / len(self.values))
