"""Moving a site between SQLite and MariaDB: every table, in pieces, compared row by row afterwards.

Invariant: the site's configuration names the new database only when every count and checksum is equal; until then the
old one is untouched and the new one is dropped when anything fails.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from hashlib import blake2b
from typing import Any

from frappe_engine.cli.context import connection
from frappe_engine.cli.dumps import EMPTIED
from frappe_engine.context.cache import drop_caches
from frappe_engine.context.config import get_site_config, read_json_file, update_json_file
from frappe_engine.context.errors import ValidationError
from frappe_engine.context.local import current
from frappe_engine.database.database import create_database, driver_for, drop_database, drop_pool, sqlite_path
from frappe_engine.database.sqlite import write_datetime
from frappe_engine.database.system_tables import system_tables
from frappe_engine.documents.metas import get_meta
from frappe_engine.schema.plan import create_table

STEP = Decimal("1E-9")
MODULUS = 1 << 64
SERVER_KEYS = ("db_type", "db_name", "db_password", "db_host", "db_port", "db_socket", "db_user")
GENERIC = {
    "mariadb": {
        "int": "bigint(20)",
        "real": "decimal(21,9)",
        "date": "date",
        "datetime": "datetime(6)",
        "time": "time(6)",
        "text": "longtext",
    },
    "sqlite": {
        "int": "INTEGER",
        "real": "REAL",
        "date": "DATE",
        "datetime": "DATETIME",
        "time": "TIME",
        "text": "TEXT COLLATE NOCASE",
    },
}
Say = Callable[[str], None]


class MoveError(ValidationError):
    """The site could not be moved; the message names the table."""


@dataclass(frozen=True)
class MovedTable:
    """One table: the number of its rows, and a checksum that is the same on both databases."""

    name: str
    rows: int
    checksum: str


@dataclass
class MoveReport:
    """What was moved."""

    site: str
    source: str
    target: str
    old_database: str
    tables: list[MovedTable] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rows(self) -> int:
        """The number of all rows."""
        return sum(table.rows for table in self.tables)

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain values."""
        return {**asdict(self), "rows": self.rows}


def move_site(
    site: str,
    db_type: str,
    *,
    db_name: str | None = None,
    db_host: str | None = None,
    db_port: int | None = None,
    db_socket: str | None = None,
    root_login: str | None = None,
    root_password: str | None = None,
    chunk: int = 2000,
    sites_path: str = ".",
    say: Say = lambda _text: None,
) -> MoveReport:
    """Move a site to the other kind of database and switch its configuration over; gives counts and checksums.

    The site is closed for others meanwhile. Raises `MoveError` when it is there already or anything does not fit.
    """
    began = time.monotonic()
    config = get_site_config(sites_path, site)
    if config.db_type == db_type:
        raise MoveError(f"{site} is on {db_type} already")
    given = {"db_host": db_host, "db_port": db_port, "db_socket": db_socket}
    server = {key: value if value is not None else config.get(key) for key, value in given.items()}
    target = {"db_type": db_type, "db_name": db_name or config.db_name, "db_user": None, **server}
    if db_type != "sqlite":
        target["db_password"] = secrets.token_urlsafe(16)
    report = MoveReport(site, str(config.db_type), db_type, _place(config, sites_path, site))
    with _closed(site, sites_path):
        root = (root_login, root_password)
        create_database({**config, **target}, sites_path, site, *root)
        try:
            with _open(target | {"site": site}, sites_path, site) as there:
                report.tables = _copy_all(site, sites_path, there, db_type, chunk, say)
        except BaseException as error:
            drop_database({**config, **target}, sites_path, site, *root)
            if isinstance(error, MoveError) or not isinstance(error, Exception):
                raise
            raise MoveError(str(error)) from error
        _switch(site, sites_path, target)
        drop_pool(config, sites_path, site)
        drop_caches(sites_path, site)
    report.seconds = time.monotonic() - began
    return report


def _place(config: Mapping[str, Any], sites_path: str, site: str) -> str:
    if config["db_type"] == "sqlite":
        return sqlite_path(config, sites_path, site)
    return f"{config['db_name']} on {config.get('db_socket') or config.get('db_host') or '127.0.0.1'}"


@contextmanager
def _closed(site: str, sites_path: str) -> Iterator[None]:
    """Nobody writes to the site in the block."""
    path = os.path.join(sites_path, site, "site_config.json")
    before = read_json_file(path).get("maintenance_mode")
    update_json_file(path, "maintenance_mode", 1)
    try:
        yield
    finally:
        update_json_file(path, "maintenance_mode", before)


def _switch(site: str, sites_path: str, target: Mapping[str, Any]) -> None:
    path = os.path.join(sites_path, site, "site_config.json")
    for key in SERVER_KEYS:
        update_json_file(path, key, target.get(key))


@contextmanager
def _open(target: Mapping[str, Any], sites_path: str, site: str) -> Iterator[Any]:
    raw = driver_for(target, sites_path, site).open()
    try:
        yield raw
    finally:
        raw.close()


# copying


def _copy_all(site: str, sites_path: str, there: Any, db_type: str, chunk: int, say: Say) -> list[MovedTable]:
    with connection(site, sites_path):
        source = current().db
        plain = _create_tables(source, there, db_type)
        moved = []
        for table in sorted(source.get_tables()):
            if table.startswith("sqlite_"):
                continue
            try:
                moved.append(_copy_table(source, there, table, db_type, chunk, empty=table in EMPTIED))
            except Exception as error:
                raise MoveError(f"{table}: {error}") from error
            if moved[-1].rows:
                say(f"{table}: {moved[-1].rows} rows")
        _add_indexes(source, there, db_type, plain)
        there.commit()
        return moved


def _create_tables(source: Any, there: Any, db_type: str) -> set[str]:
    """Make all tables; gives the names of those that no DocType defines."""
    cursor = there.cursor()
    for statement in system_tables(db_type):
        cursor.execute(statement)
    made = {name for name in source.get_tables() if name in _system_names(db_type)}
    for (doctype,) in source.rows("SELECT `name` FROM `tabDocType` WHERE `issingle` = 0 AND `is_virtual` = 0"):
        if source.table_exists(doctype):
            for statement in create_table(get_meta(doctype), db_type):
                cursor.execute(statement)
            made.add(f"tab{doctype}")
    plain = {name for name in source.get_tables() if name not in made and not name.startswith("sqlite_")}
    for table in plain:
        columns = ", ".join(
            f"`{name}` {_generic(kind, db_type)}" for name, kind in source.get_column_types(table).items()
        )
        cursor.execute(f"CREATE TABLE `{table}` ({columns})")
    for table in made:
        _add_missing_columns(source, there, table, db_type)
    return plain


def _system_names(db_type: str) -> set[str]:
    return {part.split("`")[1] for part in system_tables(db_type) if part.startswith("CREATE TABLE")}


def _add_missing_columns(source: Any, there: Any, table: str, db_type: str) -> None:
    """Columns of fields that are gone hold data still."""
    known = set(_columns_there(there, table, db_type))
    for name, kind in source.get_column_types(table).items():
        if name not in known:
            there.cursor().execute(f"ALTER TABLE `{table}` ADD COLUMN `{name}` {_generic(kind, db_type)}")


def _columns_there(there: Any, table: str, db_type: str) -> list[str]:
    cursor = there.cursor()
    if db_type == "sqlite":
        cursor.execute(f"SELECT name FROM pragma_table_info('{table}')")
    else:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?",
            (table,),
        )
    return [row[0] for row in cursor.fetchall()]


def _generic(kind: str, db_type: str) -> str:
    """The nearest type of a column that no DocType describes."""
    low = kind.lower()
    for word, name in (
        ("datetime", "datetime"),
        ("timestamp", "datetime"),
        ("date", "date"),
        ("time", "time"),
        ("int", "int"),
    ):
        if low.startswith(word) or (word == "int" and "int" in low):
            return GENERIC[db_type][name]
    if low.startswith("varchar"):
        return low.split(" ")[0] + (" COLLATE NOCASE" if db_type == "sqlite" else "")
    is_number = any(word in low for word in ("real", "decimal", "float", "double"))
    return GENERIC[db_type]["real" if is_number else "text"]


def _add_indexes(source: Any, there: Any, db_type: str, plain: set[str]) -> None:
    """Indexes that apps added beyond those of the DocTypes."""
    cursor = there.cursor()
    for table in source.get_tables():
        if table.startswith("sqlite_"):
            continue
        wanted = {(unique, tuple(columns)) for unique, columns in source.get_indexes(table).values()}
        present = _indexes_there(there, table, db_type)
        for unique, columns in sorted(wanted):
            if any(known == columns and (known_unique or not unique) for known_unique, known in present):
                continue
            name = f"{'unique' if unique else 'moved'}_{'_'.join(columns)}"[:60]
            full = f"{table}.{name}" if db_type == "sqlite" else name
            types = source.get_column_types(table)
            parts = ", ".join(
                _index_part(column, types.get(column, ""), db_type, plain=table in plain) for column in columns
            )
            cursor.execute(f"CREATE {'UNIQUE ' if unique else ''}INDEX `{full}` ON `{table}` ({parts})")


def _index_part(column: str, kind: str, db_type: str, *, plain: bool) -> str:
    long_text = "text" in kind or (plain and not kind)
    return f"`{column}`(140)" if db_type != "sqlite" and long_text else f"`{column}`"


def _indexes_there(there: Any, table: str, db_type: str) -> set[tuple[bool, tuple[str, ...]]]:
    from frappe_engine.database.mariadb import MariaDBDriver  # one class attribute of each
    from frappe_engine.database.sqlite import SQLiteDriver

    cursor = there.cursor()
    cursor.execute((SQLiteDriver if db_type == "sqlite" else MariaDBDriver).indexes_query, (table,))
    found: dict[str, tuple[bool, list[str]]] = {}
    for name, unique, column in cursor.fetchall():
        found.setdefault(name, (bool(unique), []))[1].append(column)
    return {(unique, tuple(columns)) for unique, columns in found.values()}


def _copy_table(source: Any, there: Any, table: str, db_type: str, chunk: int, *, empty: bool) -> MovedTable:
    columns = list(source.get_column_types(table))
    listed = ", ".join(f"`{name}`" for name in columns)
    numeric = numeric_columns(source.get_column_types(table))
    if empty:
        return MovedTable(table, 0, "0" * 16)
    insert = f"INSERT INTO `{table}` ({listed}) VALUES ({', '.join('?' * len(columns))})"
    cursor = there.cursor()
    if db_type == "sqlite":
        cursor.execute("BEGIN")
    before = Checksum()
    for rows in _pieces(source.iterate(f"SELECT {listed} FROM `{table}`", size=chunk), chunk):
        before.add(rows)
        cursor.executemany(
            insert, [tuple(fitted(value, index in numeric, db_type) for index, value in enumerate(row)) for row in rows]
        )
    there.commit()
    after = Checksum()
    reader = there.cursor()
    reader.execute(f"SELECT {listed} FROM `{table}`")
    while rows := reader.fetchmany(chunk):
        after.add(rows)
    if (before.rows, before.total) != (after.rows, after.total):
        raise MoveError(f"{before.rows} rows ({before.text}) became {after.rows} rows ({after.text})")
    return MovedTable(table, before.rows, before.text)


def _pieces(rows: Iterator[tuple[Any, ...]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    piece: list[tuple[Any, ...]] = []
    for row in rows:
        piece.append(row)
        if len(piece) >= size:
            yield piece
            piece = []
    if piece:
        yield piece


def numeric_columns(types: Mapping[str, str]) -> frozenset[int]:
    """Give the positions of columns that hold numbers."""
    words = ("int", "real", "decimal", "float", "double")
    return frozenset(index for index, kind in enumerate(types.values()) if any(word in kind.lower() for word in words))


def fitted(value: Any, numeric: bool, db_type: str) -> Any:
    """Give a value as the other database takes it into a column of that kind."""
    if isinstance(value, Decimal):
        return float(value)
    if db_type == "sqlite":
        return write_datetime(value) if isinstance(value, datetime) else value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float) and not numeric:
        return repr(value)
    if isinstance(value, int) and not numeric:
        return str(value)
    return value


class Checksum:
    """A checksum over rows in any order, the same for the same values on both databases."""

    def __init__(self) -> None:
        self.rows = 0
        self.total = 0

    @property
    def text(self) -> str:
        """The checksum as 16 hexadecimal digits."""
        return f"{self.total:016x}"

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Take rows in."""
        for row in rows:
            digest = blake2b("\x1f".join(map(canonical, row)).encode(errors="surrogatepass"), digest_size=8)
            self.total = (self.total + int.from_bytes(digest.digest(), "big")) % MODULUS
        self.rows += len(rows)


def canonical(value: Any) -> str:
    """Give a value as text that is the same on both databases: numbers with nine decimals at most."""
    if value is None:
        return "\x00"
    if isinstance(value, (bool, int)):
        return str(int(value))
    if isinstance(value, (float, Decimal)):
        number = Decimal(repr(value) if isinstance(value, float) else value).quantize(STEP, ROUND_HALF_UP)
        text = f"{number:f}".rstrip("0").rstrip(".")
        return "0" if text in ("", "-0") else text
    if isinstance(value, datetime):
        return write_datetime(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds():.6f}"
    return value.decode() if isinstance(value, bytes) else str(value)
