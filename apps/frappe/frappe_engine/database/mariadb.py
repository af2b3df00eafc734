"""The MariaDB driver, over the connector `mariadb` (an extra: the embedded default does not need it).

Invariant: values come back as on SQLite: decimals as float, times as timedelta, text as str.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from operator import is_
from types import NoneType
from typing import Any
from uuid import UUID

from frappe_engine.database.functions import write_duration
from frappe_engine.database.statements import split_at_values

DUPLICATE_KEY = 1062
DEADLOCK = 1213
LOCK_WAIT_TIMEOUT = 1205
QUERY_TIMEOUT = 1969
MISSING_TABLE = 1146
MISSING_COLUMN = {1054, 1091}
MISSING_INDEX = 1176
DATA_TOO_LONG = {1406, 1264}
SYNTAX_ERROR = 1064
FEW_ROWS = 50  # written into one statement; more are sent apart from it
FEW_UPDATED = 8  # the same for an UPDATE, in which each row looks through the names of all
BINARY_FLAG = 128  # of a column without a character set, or with one that compares bytes
FEW_READ = 4  # looked through value by value, which takes less time than asking for the kinds of their columns


class ServerNotReached(Exception):
    """The database's server can't be asked: its connector is missing, it does not answer, or it refuses the login."""


class MariaDBDriver:
    """Opens connections and knows what is special about MariaDB."""

    name = "mariadb"
    placeholder = "?"

    def __init__(
        self,
        database: str | None,
        user: str,
        password: str,
        host: str | None = None,
        port: int | None = None,
        socket: str | None = None,
    ) -> None:
        self.database, self.user, self.password = database, user, password
        self.host, self.port, self.socket = host, port, socket

    @cached_property
    def errors(self) -> Any:
        """Give the connector's module, whose exception classes are those of the DB API."""
        return connector()

    def open(self, read_only: bool = False) -> Any:
        """Open a connection with our settings; raises the connector's `OperationalError` when it can't."""
        options: dict[str, Any] = {
            "user": self.user,
            "password": self.password,
            "autocommit": False,
            "init_command": (
                "SET SESSION tx_isolation='READ-COMMITTED', sql_mode='STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',"
                " NAMES utf8mb4 COLLATE utf8mb4_unicode_ci"
            ),
            "connectionclass": _reading_connection(),
        }
        if self.database:
            options["database"] = self.database
        if self.socket:
            options["unix_socket"] = self.socket
        else:
            options["host"] = self.host or "127.0.0.1"
            options["port"] = int(self.port or 3306)
        connection = self.errors.connect(**options)
        if read_only:
            connection.cursor().execute("SET SESSION TRANSACTION READ ONLY")
        return connection

    # errors

    @staticmethod
    def code(error: BaseException) -> int:
        """Give MariaDB's error number, 0 when it is no database error."""
        return int(getattr(error, "errno", 0) or 0)

    def is_duplicate(self, error: BaseException) -> bool:
        """Tell whether `error` says that a key is taken."""
        return self.code(error) == DUPLICATE_KEY

    @staticmethod
    def duplicate_columns(error: BaseException) -> list[str]:
        """Give the key whose value is taken (its name, for a unique field the field's)."""
        text = str(error)
        key = text.rsplit("for key '", 1)[-1].rstrip("'") if "for key '" in text else ""
        key = key.rsplit(".", 1)[-1]
        return ["name"] if key == "PRIMARY" else [key]

    def is_timeout(self, error: BaseException) -> bool:
        """Tell whether the database gave up waiting for a lock."""
        return self.code(error) in (LOCK_WAIT_TIMEOUT, QUERY_TIMEOUT)

    def is_deadlock(self, error: BaseException) -> bool:
        """Tell whether this transaction lost a deadlock."""
        return self.code(error) == DEADLOCK

    def is_missing_table(self, error: BaseException) -> bool:
        """Tell whether a table that was named does not exist."""
        return self.code(error) == MISSING_TABLE

    def is_missing_column(self, error: BaseException) -> bool:
        """Tell whether a column that was named does not exist."""
        return self.code(error) in MISSING_COLUMN

    def is_missing_index(self, error: BaseException) -> bool:
        """Tell whether an index that was named does not exist."""
        return self.code(error) == MISSING_INDEX

    def is_too_long(self, error: BaseException) -> bool:
        """Tell whether a value does not fit its column."""
        return self.code(error) in DATA_TOO_LONG

    def is_syntax_error(self, error: BaseException) -> bool:
        """Tell whether the statement could not be parsed."""
        return self.code(error) == SYNTAX_ERROR

    # catalogue

    tables_query = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
    columns_query = (
        "SELECT column_name, column_type FROM information_schema.columns"
        " WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position"
    )
    indexes_query = (
        "SELECT index_name, 1 - non_unique, column_name FROM information_schema.statistics"
        " WHERE table_schema = DATABASE() AND table_name = ? ORDER BY index_name, seq_in_index"
    )
    upsert = "ON DUPLICATE KEY UPDATE"

    @staticmethod
    def excluded(column: str) -> str:
        """Name the value that could not be inserted, in an upsert."""
        return f"VALUES(`{column}`)"

    @staticmethod
    def adapt(values: Sequence[Any]) -> Sequence[Any]:
        """Give values as the connector takes them: booleans as numbers, durations as MariaDB writes them."""
        return [value if (write := _WRITERS.get(type(value))) is None else write(value) for value in values]

    @staticmethod
    def with_values(query: str, values: Sequence[Any]) -> str | None:
        """Write the values into a statement; None where the connector has to bind them (bytes, odd numbers, a wrong count).

        One trip to the server instead of the three that bound values may take (prepare, execute, forget), and less to do.
        """
        pieces = split_at_values(query)
        if len(pieces) != len(values) + 1:
            return None
        try:
            texts = _texts_of(values)
        except (KeyError, ValueError):
            return None
        together = [""] * (len(pieces) + len(texts))
        together[::2], together[1::2] = pieces, texts
        return "".join(together)

    @staticmethod
    def with_rows(query: str, rows: Sequence[Sequence[Any]]) -> str | None:
        """Write a few rows of values into an INSERT, or into an UPDATE of rows by name.

        None for other statements, many rows, or as in `with_values`.
        """
        update = _around_assignments(query) if len(rows) <= FEW_UPDATED else None
        insert = None if update or len(rows) > FEW_ROWS else _around_row(query)
        if update is None and insert is None:
            return None
        try:
            texts = [_texts_of(row) for row in rows]
        except (KeyError, ValueError):
            return None
        if insert is None:
            return _update_by_names(*update, texts) if update else None
        before, width, after = insert
        together = ", ".join(["(" + ", ".join(row) + ")" for row in texts])
        return f"{before}{together}{after}" if all(len(row) == width for row in texts) else None

    def adapt_many(self, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """Give rows of values for `executemany`, which takes one type per column."""
        columns = list(zip(*rows, strict=True))
        adapted = list(map(_of_one_type, columns))
        if type(rows[0]) is tuple and all(map(is_, columns, adapted)):
            return rows  # type: ignore[return-value]
        return list(zip(*adapted, strict=True))


def _quoted(value: str) -> str:
    """Write a text; quotes are doubled, for this ends no literal however backslashes are read."""
    if "\\" in value or "\0" in value:
        value = value.replace("\\", "\\\\").replace("\0", "\\0")
    return "'" + value.replace("'", "''") + "'"


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(value)  # the connector says that it takes none
    return repr(value)


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(value)
    return str(value)


# With their types named, dates stay dates inside expressions, as when they are bound.
_LITERALS: dict[type, Callable[[Any], str]] = {
    NoneType: lambda _value: "NULL",
    str: _quoted,
    int: repr,
    bool: lambda value: "1" if value else "0",
    float: _number,
    Decimal: _decimal,
    datetime: lambda value: f"TIMESTAMP'{value.replace(tzinfo=None).isoformat(' ', 'microseconds')}'",
    date: lambda value: f"DATE'{value.isoformat()}'",
    timedelta: lambda value: f"'{write_duration(value)}'",
    UUID: lambda value: f"'{value}'",
}


def _texts_of(values: Sequence[Any]) -> list[str]:
    """Write values for a statement. Raises `KeyError` or `ValueError` for one that has to be bound."""
    return ["NULL" if value is None else _LITERALS[type(value)](value) for value in values]


_ROW = re.compile(
    r"(?P<before>\s*(?:INSERT|REPLACE)\b[^?']*?\bVALUES\s*)\((?P<row>\s*\?(?:\s*,\s*\?)*\s*)\)(?P<after>[^?']*)\Z", re.I
)


@lru_cache(maxsize=1024)
def _around_row(query: str) -> tuple[str, int, str] | None:
    """Give what stands before the row of an INSERT, how many values the row has, and what stands behind it."""
    match = _ROW.match(query)
    return (match["before"], match["row"].count("?"), match["after"]) if match else None


_UPDATE = re.compile(r"(?P<before>UPDATE `tab[^`]+`) SET (?P<sets>`[^`]+` = \?(?:, `[^`]+` = \?)*) WHERE `name` = \?\Z")


@lru_cache(maxsize=1024)
def _around_assignments(query: str) -> tuple[str, tuple[str, ...]] | None:
    """Give what stands before the assignments of an UPDATE of rows by name, and the columns that it sets."""
    match = _UPDATE.match(query)
    return (match["before"], tuple(part[:-4] for part in match["sets"].split(", "))) if match else None


def _update_by_names(before: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str | None:
    """Write one UPDATE that gives each row its own values; None where a row is named twice or has a value too many.

    It goes by the names even in a table so small that reading (and locking) all of it looks cheaper.
    """
    names = [row[-1] for row in rows]
    if any(len(row) != len(columns) + 1 for row in rows) or len({name.casefold() for name in names}) < len(names):
        return None
    cases = "CASE `name`" + " WHEN {} THEN {{}}" * len(names) + " END"
    own = cases.format(*[name.replace("{", "{{").replace("}", "}}") for name in names])
    sets = [
        f"{column} = {values[0] if len(set(values)) == 1 else own.format(*values)}"
        for column, values in zip(columns, list(zip(*rows, strict=True))[:-1], strict=True)
    ]
    return f"{before} FORCE INDEX (PRIMARY) SET {', '.join(sets)} WHERE `name` IN ({', '.join(names)})"


_WRITERS: dict[type, Callable[[Any], Any]] = {bool: int, timedelta: write_duration, UUID: str}


def _of_one_type(column: tuple[Any, ...]) -> tuple[Any, ...]:
    """Numbers of several types become floats, everything else that is mixed text."""
    kinds = set(map(type, column))
    if not kinds.isdisjoint(_WRITERS):
        column = tuple(MariaDBDriver.adapt(column))
        kinds = set(map(type, column))
    kinds.discard(NoneType)
    if len(kinds) < 2:
        return column
    convert: Callable[[Any], Any] = float if kinds <= {int, float} else _as_text
    return tuple(None if value is None else convert(value) for value in column)


def _as_text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def connector() -> Any:
    """Give the package `mariadb`, an extra only for sites on MariaDB. Raises `ServerNotReached` when it is not there."""
    try:
        import mariadb
    except ModuleNotFoundError as error:
        raise ServerNotReached(
            "Sites on MariaDB need the package mariadb: env/bin/python -m pip install -r requirements/services.txt"
        ) from error
    return mariadb


@cache
def _reading_connection() -> Any:
    """Give the class of our connections: their cursors read decimals as float and long texts as text.

    The connector's own way, functions per type of column, keeps a piece of memory for every value that passes them.
    """
    connector()
    from mariadb.connections import Connection  # an extra, as above
    from mariadb.constants import FIELD_TYPE
    from mariadb.cursors import Cursor

    readers: dict[int, Callable[[Any], Any]] = {
        FIELD_TYPE.NEWDECIMAL: _float,
        FIELD_TYPE.DECIMAL: _float,
        FIELD_TYPE.BLOB: _text,
    }

    class ReadingCursor(Cursor):  # type: ignore[misc]  # the connector has no types
        _wanted: Sequence[tuple[int, Callable[[Any], Any]]] | None = None

        def execute(self, *values: Any, **options: Any) -> Any:
            self._wanted = None
            return super().execute(*values, **options)

        def executemany(self, *values: Any, **options: Any) -> Any:
            self._wanted = None
            return super().executemany(*values, **options)

        def nextset(self) -> Any:
            self._wanted = None
            return super().nextset()

        def fetchone(self) -> Any:
            row = super().fetchone()
            return row if row is None else self._read([row])[0]

        def fetchmany(self, size: int = 0) -> Any:
            return self._read(super().fetchmany(size))

        def fetchall(self) -> Any:
            return self._read(super().fetchall())

        def _read(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
            if len(rows) <= FEW_READ:
                kinds_met: set[type] = set().union(*[map(type, row) for row in rows])
                if bytes not in kinds_met:  # of a text, or of a column that holds bytes
                    return _with_floats(rows) if Decimal in kinds_met else rows
            if self._wanted is None:
                self._wanted = _to_read(self.description or (), readers)
            return _with_read(rows, self._wanted) if self._wanted else rows

    class ReadingConnection(Connection):  # type: ignore[misc]
        def cursor(self, cursorclass: Any = ReadingCursor, **options: Any) -> Any:
            return super().cursor(cursorclass, **options)

    return ReadingConnection


def _to_read(
    description: Sequence[Sequence[Any]], readers: dict[int, Callable[[Any], Any]]
) -> list[tuple[int, Callable[[Any], Any]]]:
    """Give the places of the columns whose values are read, and how; texts come as text unless they are said to be bytes."""
    return [
        (at, readers[column[1]])
        for at, column in enumerate(description)
        if column[1] in readers and (readers[column[1]] is not _text or column[7] & BINARY_FLAG)
    ]


def _with_floats(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for row in rows:
        cells, kinds = list(row), [*map(type, row), Decimal]
        at = kinds.index(Decimal)
        while at < len(cells):
            cells[at] = float(cells[at])
            at = kinds.index(Decimal, at + 1)
        found.append(tuple(cells))
    return found


def _with_read(
    rows: list[tuple[Any, ...]], wanted: Sequence[tuple[int, Callable[[Any], Any]]]
) -> list[tuple[Any, ...]]:
    cells = [list(row) for row in rows]
    for at, read in wanted:
        for row in cells:
            row[at] = read(row[at])
    return [tuple(row) for row in cells]


def root_driver(config: dict[str, Any], login: str | None, password: str | None) -> MariaDBDriver:
    """Give a driver that acts as the server's administrator, to create and drop databases."""
    return MariaDBDriver(
        None,
        login or config.get("root_login") or os.environ.get("EC_TEST_DB_ROOT_LOGIN") or "root",
        password if password is not None else str(config.get("root_password") or ""),
        host=config.get("db_host"),
        port=config.get("db_port"),
        socket=config.get("db_socket"),
    )
