"""Where MariaDB's functions for SQLite are registered.

Invariant: a function given here is there on every connection, under one name and number of arguments.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import wraps
from typing import Any

Value = Any
SQLFunction = Callable[..., Value]

_FUNCTIONS: list[tuple[str, int, SQLFunction, bool]] = []
_AGGREGATES: list[tuple[str, int, Any]] = []


def sql_function(
    name: str, arguments: int, *, deterministic: bool = True, nulls: bool = False
) -> Callable[[SQLFunction], SQLFunction]:
    """Register a function (-1 arguments: any number); without `nulls` any NULL argument gives NULL.

    What can't be computed (a day after the year 9999, a text that is no date) is NULL, as MariaDB has it.
    """

    def register(function: SQLFunction) -> SQLFunction:
        @wraps(function)
        def null_safe(*values: Value) -> Value:
            if None in values:
                return None
            try:
                return function(*values)
            except (ValueError, OverflowError, ArithmeticError):
                return None

        _FUNCTIONS.append((name, arguments, function if nulls else null_safe, deterministic))
        return function

    return register


def sql_aggregate(name: str, arguments: int, kind: Any) -> None:
    """Register a class with `step` and `finalize` as an aggregate."""
    _AGGREGATES.append((name, arguments, kind))


def register_all(connection: sqlite3.Connection) -> None:
    """Make every function here known to `connection`."""
    for name, arguments, function, deterministic in _FUNCTIONS:
        connection.create_function(name, arguments, function, deterministic=deterministic)
    for name, arguments, kind in _AGGREGATES:
        connection.create_aggregate(name, arguments, kind)
