"""Values that a column can't hold, told before they are written past the documents' own checks.

SQLite would keep any text in any column; a number or a day that is none would break who reads it, and a long text would
be refused once the site moves to MariaDB.

Invariant: pure; what is refused here is refused on both databases, lengths by MariaDB itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from frappe_engine.context.errors import DataError
from frappe_engine.kit.columns import NEVER_NULL_TYPES, column_type
from frappe_engine.kit.dates import get_datetime


def refuse_misfits(meta: Any, values: Mapping[str, Any], errors: Any = None) -> None:
    """Raise `DataError` for a column that is not there and for texts that are no number or day.

    With `errors` (a driver's module) texts that are too long raise its own `DataError`, as MariaDB's does.
    """
    kinds: Mapping[str, str] = meta.column_types
    if not kinds.keys() >= values.keys():
        raise DataError(f"{meta.name} has no field {next(name for name in values if name not in kinds)}")
    for name, value in values.items():
        if isinstance(value, str):
            _refuse_text(meta, name, kinds[name], value, errors)


def _refuse_text(meta: Any, name: str, kind: str, value: str, errors: Any) -> None:
    if kind in NEVER_NULL_TYPES and not _is_number(value):
        raise DataError(f"{name} of {meta.name} holds numbers, not {value[:140]!r}")
    if kind in ("Date", "Datetime") and value and not _is_moment(value):
        raise DataError(f"{name} of {meta.name} holds dates, not {value[:140]!r}")
    if errors is not None and len(value) > _longest(meta, name, kind):
        raise errors.DataError(f"Data too long for column '{name}'")


def _longest(meta: Any, name: str, kind: str) -> float:
    field = meta.by_name.get(name)
    return _longest_of(kind, int((field.get("length") if field else 0) or 0))


@lru_cache(maxsize=256)
def _longest_of(kind: str, length: int) -> float:
    column = column_type(kind, length)
    if column is None or not column.mariadb.startswith("varchar"):
        return float("inf")
    return int(column.mariadb.partition("(")[2].rstrip(")"))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_moment(text: str) -> bool:
    try:
        return get_datetime(text) is not None
    except (ValueError, TypeError, OverflowError):
        return False
