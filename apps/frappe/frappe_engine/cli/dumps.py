"""A database as text: one SQL statement per line for SQLite, the server's own tools for MariaDB.

Invariant: a restored dump holds exactly the rows of the dumped database: every number to its last bit, every text with
its line ends; nothing is held in memory but a few rows.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from frappe_engine.context.errors import ExecutableNotFound, ValidationError

SQLITE_MARK = "-- EC ERP dump of a SQLite database"
ROWS_PER_STATEMENT = 200
EMPTIED = frozenset({"__jobs"})  # what waits to be run must not run again where a dump is restored
COPY_PAGES = 4096
SURELY_READ = 13  # characters of a decimal
POWER = 60  # of two, written exactly as a whole number


class DumpError(ValidationError):
    """A dump could not be made or restored; the message says why."""


# SQLite


def dump_sqlite(path: str, out: IO[str], wanted: Callable[[str], bool] = lambda _table: True) -> int:
    """Write the database in the file `path` as SQL text; `wanted` says which tables. Give the number of rows."""
    with copied(path) as snapshot:
        connection = sqlite3.connect(snapshot)
        connection.text_factory = _text
        try:
            return _write_dump(connection, out, wanted)
        finally:
            connection.close()


@contextmanager
def copied(path: str) -> Iterator[str]:
    """Give the path of a consistent copy of a database in use, made by SQLite's online backup."""
    with tempfile.TemporaryDirectory(prefix="ec-dump-", dir=os.path.dirname(path)) as folder:
        target = os.path.join(folder, "copy.db")
        source, copy = sqlite3.connect(f"file:{path}?mode=ro", uri=True), sqlite3.connect(target)
        try:
            source.backup(copy, pages=COPY_PAGES)
        finally:
            copy.close()
            source.close()
        yield target


def _text(raw: bytes) -> str:
    return raw.decode(errors="surrogateescape")


def _write_dump(connection: sqlite3.Connection, out: IO[str], wanted: Callable[[str], bool]) -> int:
    count = 0
    out.write(f"{SQLITE_MARK}\n")
    objects = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
    ).fetchall()
    for kind, name, _table, statement in objects:
        if kind == "table" and wanted(name):
            out.write(f"{one_line(statement)};\n")
            if name not in EMPTIED:
                count += _write_rows(connection, name, out)
    for kind, _name, table, statement in objects:
        if kind != "table" and wanted(table):
            out.write(f"{one_line(statement)};\n")
    _write_counters(connection, out, wanted)
    return count


def _write_counters(connection: sqlite3.Connection, out: IO[str], wanted: Callable[[str], bool]) -> None:
    """Numbers that are never given again, even after the row that had the highest is gone."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone() is None:
        return
    for name, number in connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall():
        if wanted(name) and name not in EMPTIED:
            out.write(f"DELETE FROM sqlite_sequence WHERE name = {sqlite_literal(name)};\n")
            out.write(f"INSERT INTO sqlite_sequence VALUES ({sqlite_literal(name)},{number});\n")


def one_line(statement: str) -> str:
    """Give a statement of the catalogue on one line; it holds no line end within a text."""
    return " ".join(line.strip() for line in statement.splitlines())


def _write_rows(connection: sqlite3.Connection, table: str, out: IO[str]) -> int:
    count = 0
    cursor = connection.execute(f'SELECT * FROM "{table}"')
    while rows := cursor.fetchmany(ROWS_PER_STATEMENT):
        values = ",".join(f"({','.join(map(sqlite_literal, row))})" for row in rows)
        out.write(f'INSERT INTO "{table}" VALUES {values};\n')
        count += len(rows)
    return count


def sqlite_literal(value: Any) -> str:
    """Give a value as SQLite reads it back unchanged, on one line."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return _text_literal(value)
    if isinstance(value, bytes):
        return f"X'{value.hex()}'"
    if isinstance(value, float):
        return {"inf": "9e999", "-inf": "-9e999", "nan": "NULL"}.get(repr(value)) or _float_literal(value)
    return str(value)


def _float_literal(value: float) -> str:
    """A fraction of whole numbers where there are many digits: SQLite reads those of decimals inexactly, a last bit off."""
    written = repr(value)
    if len(written) <= SURELY_READ and "e" not in written:
        return written
    above, below = value.as_integer_ratio()
    shift = below.bit_length() - 1  # the divisor is a power of two
    if abs(above) < 2**53:
        return f"{above}.0" + "".join(f"/{2 ** min(POWER, shift - done)}.0" for done in range(0, shift, POWER))
    power = above.bit_length() - 53 if above > 0 else (-above).bit_length() - 53
    whole = above >> power
    return f"{whole}.0" + "".join(f"*{2 ** min(POWER, power - done)}.0" for done in range(0, power, POWER))


def _text_literal(text: str) -> str:
    if "\0" in text or not is_unicode(text):
        return f"CAST(X'{text.encode(errors='surrogateescape').hex()}' AS TEXT)"
    quoted = "'" + text.replace("'", "''") + "'"
    for character, code in (("\n", 10), ("\r", 13)):
        if character in text:
            mark = _unused_mark(text, code)
            quoted = f"replace({quoted.replace(character, mark)},'{mark}',char({code}))"
    return quoted


def is_unicode(text: str) -> bool:
    """Tell whether a text came from valid UTF-8."""
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unused_mark(text: str, code: int) -> str:
    mark, number = f"\\{code}", 0
    while mark in text:
        number += 1
        mark = f"\\{code}-{number}"
    return mark


def restore_sqlite(path: str, lines: Iterable[str]) -> None:
    """Replace the database file `path` by what a dump says; the old one stays when the dump is broken."""
    draft = f"{path}.restoring"
    _remove_database(draft)
    connection = sqlite3.connect(draft, isolation_level=None)
    try:
        _run_dump(connection, lines)
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.Error as error:
        connection.close()
        _remove_database(draft)
        raise DumpError(f"The dump can't be restored: {error}") from error
    connection.close()
    os.chmod(draft, 0o600)
    _remove_database(path)
    os.replace(draft, path)


def merge_sqlite(path: str, lines: Iterable[str]) -> None:
    """Replace the tables that a partial dump holds in the database file `path`, all or none."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    try:
        connection.execute("BEGIN IMMEDIATE")
        for line in lines:
            if line.startswith("CREATE TABLE "):
                connection.execute(f"DROP TABLE IF EXISTS {_table_name(line)}")
            _run_line(connection, line)
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise DumpError(f"The dump can't be restored: {error}") from error
    finally:
        connection.close()


def _table_name(line: str) -> str:
    return line.removeprefix("CREATE TABLE ").partition("(")[0].strip()


def _run_dump(connection: sqlite3.Connection, lines: Iterable[str]) -> None:
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN")
    for line in lines:
        _run_line(connection, line)
    connection.execute("COMMIT")


def _run_line(connection: sqlite3.Connection, line: str) -> None:
    if line.strip() and not line.startswith("--"):
        connection.execute(line)


def _remove_database(path: str) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        if os.path.exists(path + suffix):
            os.unlink(path + suffix)


# MariaDB


def program(*names: str) -> str:
    """Give the first of these programs that is installed. Raises `ExecutableNotFound` naming the package."""
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    raise ExecutableNotFound(f"{names[0]} is not installed (Debian: apt-get install mariadb-client)")


@contextmanager
def client_options(config: Any) -> Iterator[str]:
    """Give the path of an options file with which MariaDB's programs reach a site's database; the password is no argument."""
    options = {
        "user": config.get("db_user") or config["db_name"],
        "password": config.get("db_password") or "",
        **(
            {"socket": config["db_socket"]}
            if config.get("db_socket")
            else {"host": config.get("db_host") or "127.0.0.1"}
        ),
        **({"port": config["db_port"]} if config.get("db_port") and not config.get("db_socket") else {}),
    }
    with tempfile.NamedTemporaryFile("w", prefix="ec-client-", suffix=".cnf") as file:
        lines = (f'{name}="{_escaped(str(value))}"' for name, value in options.items())
        file.write("[client]\n" + "\n".join(lines) + "\n")
        file.flush()
        yield file.name


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def dump_mariadb(
    config: Any,
    out: IO[bytes],
    tables: Collection[str] | None = None,
    left_out: Collection[str] = (),
    emptied: Collection[str] = EMPTIED,
) -> None:
    """Write a site's database as SQL text: all tables, only `tables`, or all but `left_out`. Raises `DumpError`."""
    name = str(config["db_name"])
    words = ["--single-transaction", "--quick", "--lock-tables=false", "--default-character-set=utf8mb4", "--hex-blob"]
    words += [f"--ignore-table={name}.{table}" for table in left_out]
    words += [f"--ignore-table-data={name}.{table}" for table in emptied]
    words += [name, *(tables or ())]
    with client_options(config) as options:
        run_piped([program("mariadb-dump", "mysqldump"), f"--defaults-extra-file={options}", *words], out=out)


def restore_mariadb(config: Any, source: IO[bytes]) -> None:
    """Run a dump against a site's database. Raises `DumpError`."""
    with client_options(config) as options:
        words = [program("mariadb", "mysql"), f"--defaults-extra-file={options}", "--default-character-set=utf8mb4"]
        run_piped([*words, str(config["db_name"])], source=source)


def run_piped(command: list[str], *, source: IO[bytes] | None = None, out: IO[bytes] | None = None) -> None:
    """Run a program that reads `source` or writes to `out`, both streams of bytes. Raises `DumpError` when it fails."""
    with tempfile.TemporaryFile() as errors:
        running = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if source else subprocess.DEVNULL,
            stdout=subprocess.PIPE if out else subprocess.DEVNULL,
            stderr=errors,
        )
        try:
            if source is not None and running.stdin is not None:
                shutil.copyfileobj(source, running.stdin, 1 << 20)
                running.stdin.close()
            if out is not None and running.stdout is not None:
                shutil.copyfileobj(running.stdout, out, 1 << 20)
        except BrokenPipeError:
            running.wait()
        if running.wait():
            errors.seek(0)
            text = errors.read().decode(errors="replace").strip()
            raise DumpError(f"{os.path.basename(command[0])} failed: {text[-800:]}")


# either


def kind_of_dump(first_line: str) -> str:
    """Tell which database a dump is of, from its first line: `sqlite` or `mariadb`."""
    return "sqlite" if first_line.startswith(SQLITE_MARK) else "mariadb"


def open_bytes(stream: IO[bytes]) -> IO[bytes]:
    """Read the bytes of a dump, compressed or not."""
    start = stream.peek(2)[:2] if isinstance(stream, io.BufferedReader) else b""
    packed: Any = gzip.GzipFile(fileobj=stream) if start == b"\x1f\x8b" else stream
    return packed  # type: ignore[no-any-return]


def open_text(stream: IO[bytes]) -> IO[str]:
    """Read the lines of a dump, compressed or not."""
    return io.TextIOWrapper(open_bytes(stream), encoding="utf-8", newline="\n", errors="surrogateescape")
