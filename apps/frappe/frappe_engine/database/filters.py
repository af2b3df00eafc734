"""Filters of list queries in all their shapes, made into one form, and that form into SQL conditions.

Shapes: a name; `{field: value}`; `{field: [operator, value]}`; `[field, operator, value]`,
`[doctype, field, operator, value]` and lists of these; a list of dicts.

Invariant: pure; values become parameters. An empty text and NULL count as the same ("not set"), as in the public API.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from frappe_engine.context.errors import DataError, InvalidDateError, ValidationError
from frappe_engine.kit.dates import get_datetime, getdate, to_timedelta

NESTED_SET_OPERATORS = frozenset(
    {
        "ancestors of",
        "descendants of",
        "not ancestors of",
        "not descendants of",
        "descendants of (inclusive)",
    }
)
OPERATORS = frozenset(
    {
        "=",
        "!=",
        "<>",
        ">",
        "<",
        ">=",
        "<=",
        "like",
        "not like",
        "in",
        "not in",
        "is",
        "between",
        "timespan",
        "previous",
        "next",
    }
    | NESTED_SET_OPERATORS
)


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition; `doctype` None means the DocType that is listed."""

    doctype: str | None
    field: Any
    operator: str
    value: Any


def read_filters(filters: Any, doctype: str) -> list[Filter]:
    """Give `filters`, in any of the shapes above or as JSON text, as a list of `Filter`.

    Raises `ValidationError` when the shape or an operator is unknown.
    """
    if filters is None or filters == "" or filters == [] or filters == {}:
        return []
    if isinstance(filters, str):
        return _read_text(filters, doctype)
    if isinstance(filters, (int, float)):
        return [Filter(None, "name", "=", filters)]
    if isinstance(filters, Mapping):
        return [_from_pair(field, value) for field, value in filters.items()]
    if isinstance(filters, (list, tuple)):
        return _read_sequence(filters, doctype)
    raise ValidationError(f"Filters can't be of type {type(filters).__name__}")


def _read_text(text: str, doctype: str) -> list[Filter]:
    if text[:1] in "[{":
        try:
            return read_filters(json.loads(text), doctype)
        except json.JSONDecodeError:
            pass
    return [Filter(None, "name", "=", text)]


def _read_sequence(filters: Sequence[Any], doctype: str) -> list[Filter]:
    if not filters:
        return []
    first = filters[0]
    if isinstance(first, str) and _is_single(filters):
        return [_from_row(filters, doctype)]
    if all(isinstance(item, (str, int)) for item in filters):
        return [Filter(None, "name", "in", list(filters))]
    found: list[Filter] = []
    for item in filters:
        if isinstance(item, Filter):
            found.append(item)
        elif isinstance(item, Mapping):
            found.extend(_from_pair(field, value) for field, value in item.items())
        elif isinstance(item, (list, tuple)):
            found.append(_from_row(item, doctype))
        else:
            raise ValidationError(f"Filter must have 3 or 4 values (doctype, fieldname, operator, value): {item!r}")
    return found


def _is_single(row: Sequence[Any]) -> bool:
    if len(row) == 3 and isinstance(row[1], str):
        return row[1].lower() in OPERATORS
    return len(row) in (4, 5) and isinstance(row[2], str) and row[2].lower() in OPERATORS


def _from_pair(field: Any, value: Any) -> Filter:
    if isinstance(value, (list, tuple)) and len(value) == 2 and isinstance(value[0], str):
        operator = value[0].lower()
        if operator in OPERATORS:
            return Filter(None, field, operator, value[1])
        raise ValidationError(f"Unknown operator in filter: {value[0]!r}")
    if isinstance(value, (list, tuple, set, frozenset)):
        return Filter(None, field, "in", list(value))
    return Filter(None, field, "=", value)


def _from_row(row: Sequence[Any], doctype: str) -> Filter:
    if len(row) == 2:
        return Filter(None, row[0], "=", row[1])
    if len(row) == 3:
        table, field, operator, value = None, *row
    elif len(row) in (4, 5):
        table, field, operator, value = row[:4]
    else:
        raise ValidationError(f"Filter must have 3 or 4 values (doctype, fieldname, operator, value): {row!r}")
    if not isinstance(operator, str) or operator.lower() not in OPERATORS:
        raise ValidationError(f"Unknown operator in filter: {operator!r}")
    return Filter(None if table in (None, doctype) else table, field, operator.lower(), value)


@dataclass(frozen=True, slots=True)
class ColumnRef:
    """A column as the condition needs it: its SQL and what kind of values it holds."""

    sql: str
    fieldtype: str
    never_null: bool
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of SQL with its parameters."""

    sql: str
    values: tuple[Any, ...] = ()


TEXT_EMPTY = "''"
_EARLIEST = {"Date": "'0001-01-01'", "Datetime": "'0001-01-01 00:00:00'", "Time": "'00:00:00'"}


def compile_filter(column: ColumnRef, operator: str, value: Any, *, fold: bool = True) -> Condition:
    """Give the SQL condition for a plain operator (those on trees and time spans are resolved before).

    With `fold` NULL and the empty text are one ("not set"), as in lists; without it NULL is SQL's NULL, as in
    `frappe.db.get_value` and its kin.
    """
    if operator == "<>":
        operator = "!="
    if operator == "is":
        return _is_set(column, value)
    if operator in ("in", "not in"):
        return _membership(column, operator, value, fold=fold)
    if operator == "between":
        start, end = _range(column, value)
        return Condition(f"{column.sql} BETWEEN ? AND ?", (start, end))
    if operator in ("like", "not like"):
        text = "" if value is None else str(value)
        sql = _filled(column) if fold and (operator == "not like" or text == "") else column.sql
        if "\\" in text:
            return Condition(f"{sql} {operator.upper()} ? ESCAPE '|'", (_escaped_pattern(text),))
        return Condition(f"{sql} {operator.upper()} ?", (text,))
    if isinstance(value, (list, tuple, set, Mapping)):
        raise DataError(f"One value expected after {operator}, not {value!r}")
    return _folded(column, operator, value) if fold else _bare(column, operator, value)


def _escaped_pattern(text: str) -> str:
    """A pattern with MariaDB's backslash, written with an escape sign that both databases take."""
    return re.sub(r"\\([%_\\])|(\|)", lambda m: "||" if m[2] else m[1] if m[1] == "\\" else f"|{m[1]}", text)


def _filled(column: ColumnRef) -> str:
    """The column with NULL read as empty."""
    if column.never_null:
        return column.sql
    if column.fieldtype in _EARLIEST:
        return f"IFNULL({column.sql}, {_EARLIEST[column.fieldtype]})"
    if column.fieldtype in ("Duration", "Rating"):
        return f"IFNULL({column.sql}, 0)"
    return f"IFNULL({column.sql}, {TEXT_EMPTY})"


def _is_set(column: ColumnRef, value: Any) -> Condition:
    wanted = str(value).strip().lower()
    if wanted not in ("set", "not set"):
        raise ValidationError(f"After the operator 'is' comes 'set' or 'not set', not {value!r}")
    if _is_null_when_empty(column):
        return Condition(f"{column.sql} IS {'NOT ' if wanted == 'set' else ''}NULL")
    empty = "0" if column.never_null else TEXT_EMPTY
    return Condition(f"{_filled(column)} {'!=' if wanted == 'set' else '='} {empty}")


def _membership(column: ColumnRef, operator: str, value: Any, *, fold: bool) -> Condition:
    items = _items(value)
    if any(isinstance(item, (list, tuple, set, Mapping)) for item in items):
        raise DataError(f"Plain values expected after {operator}, not {items!r}")
    with_empty = fold and any(item in ("", None) for item in items)
    if with_empty and _is_null_when_empty(column):
        return _membership_or_null(column, operator, [item for item in items if item not in ("", None)])
    empty = 0 if column.never_null else ""
    values = tuple(empty if item is None and fold else _plain(column, item) for item in dict.fromkeys(items))
    condition = f"{column.sql} {operator.upper()} ({', '.join('?' * len(values))})"
    takes_null = fold and not column.never_null and with_empty == (operator == "in")
    return Condition(f"({condition} OR {column.sql} IS NULL)" if takes_null else condition, values)


def _items(value: Any) -> list[Any]:
    """The values after `in`: a text is split at commas, nothing stands for the empty text."""
    if isinstance(value, str):
        items: list[Any] = [part.strip() for part in value.split(",")]
    elif isinstance(value, Iterable) and not isinstance(value, Mapping):
        items = list(value)
    else:
        items = [value]
    return [spelling for item in items or [""] for spelling in _spellings(item)]


def _is_null_when_empty(column: ColumnRef) -> bool:
    return column.fieldtype in _EARLIEST or column.fieldtype in ("Duration", "Rating")


def _membership_or_null(column: ColumnRef, operator: str, items: list[Any]) -> Condition:
    """`in` with "no value" among the values, for columns whose empty value is NULL."""
    negative = operator == "not in"
    null = f"{column.sql} IS {'NOT ' if negative else ''}NULL"
    if not items:
        return Condition(null)
    marks = ", ".join("?" * len(items))
    joined = f"({null} {'AND' if negative else 'OR'} {column.sql} {operator.upper()} ({marks}))"
    return Condition(joined, tuple(_plain(column, item) for item in items))


def _folded(column: ColumnRef, operator: str, value: Any) -> Condition:
    if value is None or (value == "" and not column.never_null):
        return _empty_comparison(column, operator)
    plain = _plain(column, value)
    if column.never_null or operator not in ("!=", "<", "<="):
        filled = _filled(column) if column.fieldtype in ("Duration", "Rating") else column.sql
        return _compared(filled, operator, plain)
    if operator == "!=" or not _is_null_when_empty(column):  # beside the bare column its collation and its index hold
        compared = _compared(column.sql, operator, plain)
        return Condition(f"({compared.sql} OR {column.sql} IS NULL)", compared.values)
    return _compared(_filled(column), operator, plain)


def _compared(sql: str, operator: str, value: Any) -> Condition:
    spellings = _spellings(value) if operator in ("=", "!=") else (value,)
    if len(spellings) == 1:
        return Condition(f"{sql} {operator} ?", spellings)
    return Condition(f"{sql} {'IN' if operator == '=' else 'NOT IN'} (?, ?)", spellings)


def _spellings(value: Any) -> tuple[Any, ...]:
    """A text that ends in blanks is also met without them, as MariaDB compares on its own."""
    return (value, value.rstrip(" ")) if isinstance(value, str) and value[-1:] == " " and value.strip() else (value,)


def _bare(column: ColumnRef, operator: str, value: Any) -> Condition:
    if value is None and operator in ("=", "!="):
        return Condition(f"{column.sql} IS {'NOT ' if operator == '!=' else ''}NULL")
    return _compared(column.sql, operator, _plain(column, value))


def _empty_comparison(column: ColumnRef, operator: str) -> Condition:
    if operator == "=":
        return Condition(f"{column.sql} = 0" if column.never_null else _empty(column))
    if operator == "!=":
        return Condition(f"{column.sql} != 0" if column.never_null else f"NOT ({_empty(column)})")
    if column.never_null:
        return Condition(f"{column.sql} {operator} 0")
    if _is_null_when_empty(column):
        return Condition("1 = 0")  # nothing is earlier or later than no date
    return Condition(f"{_filled(column)} {operator} {TEXT_EMPTY}")


def _empty(column: ColumnRef) -> str:
    if _is_null_when_empty(column):
        return f"{column.sql} IS NULL"
    return f"{_filled(column)} = {TEXT_EMPTY}"


def _plain(column: ColumnRef, value: Any) -> Any:
    """A value as the column stores it, so that comparing means the same on both databases."""
    fieldtype = column.fieldtype
    if fieldtype in _EARLIEST:
        return _time_value(fieldtype, value)
    if column.never_null and isinstance(value, str):
        return _number(value)
    if not column.never_null and isinstance(value, (bool, int, float)):
        return str(int(value)) if isinstance(value, bool) else value
    return value


_LEADING_NUMBER = re.compile(r"\s*([-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?)", re.IGNORECASE)


def _number(text: str) -> float:
    """Read the number a text begins with, as MariaDB does; 0 when it begins with none."""
    match = _LEADING_NUMBER.match(text)
    if match is None:
        return 0
    return int(match[1]) if match[1].lstrip("+-").isdigit() else float(match[1])


def _time_value(fieldtype: str, value: Any, end_of_day: bool = False) -> Any:
    """Give a date, a moment or a time as its column stores it. Raises `InvalidDateError` for a text that is none."""
    if value is None or value == "":
        return value
    try:
        if fieldtype == "Time":
            return to_timedelta(value)
        if fieldtype == "Date":
            return getdate(value) if isinstance(value, (str, date)) else value
        return as_moment(value, end_of_day)
    except ValueError as error:
        raise InvalidDateError(f"{value!r} is not a valid {fieldtype.lower()}") from error


def as_moment(value: Any, end_of_day: bool = False) -> Any:
    """Give a date or text as the moment it stands for: a day is its beginning, or its end with `end_of_day`."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time.max if end_of_day else time.min)
    if isinstance(value, str) and value:
        moment = get_datetime(value.strip())
        if end_of_day and len(value.strip()) <= 10 and isinstance(moment, datetime):
            return datetime.combine(moment.date(), time.max)
        return moment
    return value


def _range(column: ColumnRef, value: Any) -> tuple[Any, Any]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
    if not isinstance(value, (list, tuple)) or len(value) < 2:
        raise ValidationError(f"'between' needs two values, not {value!r}")
    start, end = (None if bound == "" else bound for bound in value[:2])
    if column.fieldtype == "Datetime":
        return _time_value("Datetime", start), _time_value("Datetime", end, end_of_day=True)
    return _plain(column, start), _plain(column, end)


def day_range(start: date, end: date) -> tuple[datetime, datetime]:
    """Give the moments that begin `start` and end `end`."""
    return datetime.combine(start, time.min), datetime.combine(end, time.min) + timedelta(days=1, microseconds=-1)
