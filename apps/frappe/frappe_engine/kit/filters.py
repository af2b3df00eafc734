"""List filters applied to values in memory, with the operators of queries.

Invariant: a comparison that makes no sense (None with a number, text with a number) is false, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from frappe_engine.kit.dates import InvalidDate, getdate
from frappe_engine.kit.timespans import timespan_range


class InvalidFilter(ValueError):
    """A filter or an operator's value has no meaning."""


def compare(value: Any, operator: str, other: Any, today: date | None = None) -> bool:
    """Tell whether `value` stands in the relation `operator` to `other`.

    `today` is needed for "timespan" only. An unknown operator is never true; "is" with anything but "set" and
    "not set" raises `InvalidFilter`.
    """
    if operator.lower() == "timespan":
        return _in_timespan(value, other, today)
    relation = OPERATORS.get(operator) or OPERATORS.get(operator.lower())
    if relation is None:
        return False
    try:
        return bool(relation(value, other))
    except InvalidFilter:
        raise
    except (TypeError, AttributeError, ValueError):  # values of kinds that have no order, or no two ends
        return False


def sql_like(value: Any, pattern: Any) -> bool:
    """Tell whether text matches a LIKE pattern; a pattern without % is looked for anywhere in it."""
    if not isinstance(value, str) or not isinstance(pattern, str):
        return False
    if "%" not in pattern:
        return pattern in value
    return re.fullmatch(".*".join(map(re.escape, pattern.split("%"))), value, re.DOTALL) is not None


def _in(value: Any, other: Any) -> bool:
    if isinstance(other, str):
        return value in [part.strip() for part in other.split(",")]
    return value in other


def _is(value: Any, other: Any) -> bool:
    wanted = other.lower() if isinstance(other, str) else other
    if wanted == "set":
        return value not in (None, "")
    if wanted == "not set":
        return value in (None, "")
    raise InvalidFilter(f"Invalid argument for operator 'IS': {other}")


def _between(value: Any, other: Any) -> bool:
    low, high = other
    return bool(low <= value <= high)


def _in_timespan(value: Any, timespan: Any, today: date | None) -> bool:
    try:
        day = getdate(value) if value else None
    except InvalidDate:
        return False
    span = timespan_range(str(timespan), today) if today else None
    return day is not None and span is not None and span[0] <= day <= span[1]


OPERATORS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": lambda value, other: value == other,
    "!=": lambda value, other: value != other,
    ">": lambda value, other: value > other,
    "<": lambda value, other: value < other,
    ">=": lambda value, other: value >= other,
    "<=": lambda value, other: value <= other,
    "^": lambda value, other: (value or "").startswith(other),
    "in": _in,
    "not in": lambda value, other: not _in(value, other),
    "like": sql_like,
    "not like": lambda value, other: not sql_like(value, other),
    "is": _is,
    "between": _between,
    "not None": lambda value, _other: value is not None,
    "None": lambda value, _other: value is None,
}


# --- forms of filters ----------------------------------------------------------------------------------------------


def filter_tuple(doctype: str, fieldname: str, value: Any) -> list[Any]:
    """Give the filter of one key of a dict of filters as [doctype, field, operator, value]."""
    if isinstance(value, (list, tuple)):
        return [doctype, fieldname, value[0], value[1]]
    return [doctype, fieldname, "=", value]


def filter_dict(filters: Iterable[Iterable[Any]]) -> dict[str, tuple[str, Any]]:
    """Give filters of four parts as a dict of field to (operator, value)."""
    return {fieldname: (operator, value) for _doctype, fieldname, operator, value in filters}


def filter_triples(filters: Any) -> list[tuple[str | None, str, str, Any]]:
    """Give filters in any form (dict, or list of two, three or four parts) as (doctype, field, operator, value).

    Raises `InvalidFilter`.
    """
    if isinstance(filters, Mapping):
        rows: list[Any] = [filter_tuple("", key, value) for key, value in filters.items()]
        return [(None, *row[1:]) for row in rows]
    triples: list[tuple[str | None, str, str, Any]] = []
    for row in filters or ():
        if isinstance(row, Mapping):
            row = (row.get("doctype"), row.get("fieldname"), row.get("operator") or "=", row.get("value"))
        if len(row) == 2:
            triples.append((None, row[0], "=", row[1]))
        elif len(row) == 3:
            triples.append((None, *row))
        elif len(row) >= 4:
            triples.append((row[0], row[1], row[2], row[3]))
        else:
            raise InvalidFilter(f"A filter has two to four parts: {row!r}")
    return triples
