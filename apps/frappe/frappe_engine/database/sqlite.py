"""The SQLite driver: one file per site, write-ahead log, full durability.

Invariant: a transaction takes the write lock at its first statement that writes or locks, so what it reads after
that can't go stale; `COMMIT` returns when the data are on disk.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from frappe_engine.database.functions import register_all, to_duration, write_duration
from frappe_engine.database.turns import LONGEST_WAIT_S, forget_queue

_ISO_DATETIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\Z")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")


def write_datetime(moment: datetime) -> str:
    """Write a moment as it is stored: 26 characters, so that text order is time order."""
    return _written(moment if moment.tzinfo is None else moment.replace(tzinfo=None))


@lru_cache(maxsize=256)
def _written(moment: datetime) -> str:
    """What is written together bears the same few moments."""
    return moment.isoformat(" ", "microseconds")


def _read_datetime(raw: bytes) -> datetime | None:
    text = raw.decode()
    return datetime.fromisoformat(text) if text and not text.startswith("0000") else None


def _read_date(raw: bytes) -> date | None:
    text = raw.decode()
    return date.fromisoformat(text[:10]) if text and not text.startswith("0000") else None


def _read_time(raw: bytes) -> timedelta:
    return to_duration(raw.decode())


sqlite3.register_adapter(datetime, write_datetime)
sqlite3.register_adapter(date, date.isoformat)
sqlite3.register_adapter(timedelta, write_duration)
sqlite3.register_adapter(Decimal, float)
sqlite3.register_adapter(UUID, str)
sqlite3.register_converter("DATETIME", _read_datetime)
sqlite3.register_converter("DATE", _read_date)
sqlite3.register_converter("TIME", _read_time)


def read_computed(value: Any) -> Any:
    """Read ISO text that an expression computed as the date or moment it is."""
    if isinstance(value, str):
        if len(value) in (19, 26) and _ISO_DATETIME.match(value):
            return datetime.fromisoformat(value)
        if len(value) == 10 and _ISO_DATE.match(value):
            return date.fromisoformat(value)
    return value


class SQLiteDriver:
    """Opens connections and knows what is special about SQLite."""

    name = "sqlite"
    placeholder = "?"
    errors = sqlite3

    def __init__(self, path: str) -> None:
        self.path = os.path.abspath(path)

    def open(self, read_only: bool = False) -> sqlite3.Connection:
        """Open a connection; raises `sqlite3.OperationalError` when the file is not there."""
        mode = "ro" if read_only else "rw"
        connection = sqlite3.connect(
            f"file:{self.path}?mode={mode}",
            uri=True,
            timeout=LONGEST_WAIT_S,
            isolation_level=None,
            detect_types=sqlite3.PARSE_DECLTYPES,
            check_same_thread=False,
            cached_statements=1024,
        )
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("PRAGMA cache_size=-32768")
        connection.execute("PRAGMA mmap_size=268435456")
        register_all(connection)
        return connection

    def create(self) -> None:
        """Make an empty database file in write-ahead mode; raises `FileExistsError` when one is there."""
        descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        os.close(descriptor)
        connection = sqlite3.connect(self.path)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.close()

    def remove(self) -> None:
        """Remove the database with its log files."""
        forget_queue(self.path)
        for suffix in ("", "-wal", "-shm", "-place", "-turn"):
            try:
                os.unlink(self.path + suffix)
            except FileNotFoundError:
                continue

    # errors

    @staticmethod
    def is_duplicate(error: BaseException) -> bool:
        """Tell whether `error` says that a key is taken."""
        return isinstance(error, sqlite3.IntegrityError) and "UNIQUE constraint failed" in str(error)

    @staticmethod
    def duplicate_columns(error: BaseException) -> list[str]:
        """Give the columns whose value is taken."""
        _head, _separator, tail = str(error).partition("UNIQUE constraint failed: ")
        return [part.rsplit(".", 1)[-1].strip() for part in tail.split(",")]

    @staticmethod
    def is_timeout(error: BaseException) -> bool:
        """Tell whether the database gave up waiting for a lock."""
        return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)

    @staticmethod
    def is_deadlock(error: BaseException) -> bool:
        """SQLite has one writer; it knows no deadlock."""
        return False

    @staticmethod
    def is_missing_table(error: BaseException) -> bool:
        """Tell whether a table that was named does not exist."""
        return isinstance(error, sqlite3.OperationalError) and "no such table" in str(error)

    @staticmethod
    def is_missing_column(error: BaseException) -> bool:
        """Tell whether a column that was named does not exist."""
        text = str(error)
        return isinstance(error, sqlite3.OperationalError) and (
            "no such column" in text or "has no column named" in text
        )

    @staticmethod
    def is_too_long(error: BaseException) -> bool:
        """Tell whether a value does not fit its column: SQLite takes any, so this is what was refused before it."""
        return isinstance(error, sqlite3.DataError) and "too long" in str(error)

    @staticmethod
    def is_syntax_error(error: BaseException) -> bool:
        """Tell whether the statement could not be parsed."""
        return isinstance(error, sqlite3.OperationalError) and "syntax error" in str(error)

    # catalogue

    tables_query = "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
    columns_query = "SELECT name, type FROM pragma_table_info(?)"
    indexes_query = "SELECT i.name, i.`unique`, c.name FROM pragma_index_list(?) i, pragma_index_info(i.name) c ORDER BY i.name, c.seqno"
    upsert = "ON CONFLICT DO UPDATE SET"

    @staticmethod
    def excluded(column: str) -> str:
        """Name the value that could not be inserted, in an upsert."""
        return f"excluded.`{column}`"

    @staticmethod
    def adapt(values: Sequence[Any]) -> Sequence[Any]:
        """SQLite takes Python values as they are (adapters are registered)."""
        return values
