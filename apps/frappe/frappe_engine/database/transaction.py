"""Connections, transactions, savepoints and callbacks: the part of `frappe.db` that talks to the driver.

Invariant: one `Connection` belongs to one context; every statement passes `execute` (reads) or `write`, so that the
write lock is taken in time, statements are counted and errors have one shape.
"""

from __future__ import annotations

import os
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from frappe_engine.context.errors import (
    DataError,
    ImplicitCommitError,
    InReadOnlyMode,
    QueryDeadlockError,
    QueryTimeoutError,
)
from frappe_engine.database.number_turns import NumberTurns
from frappe_engine.database.sqlite import SQLiteDriver
from frappe_engine.database.turns import WriteQueue, write_queue

_SAVEPOINT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
POOLED_CONNECTIONS = 32


class Written(NamedTuple):
    """What a statement without rows did, as a cursor says it."""

    rowcount: int
    lastrowid: int | None
    description: None = None


class CallbackManager:
    """Functions to run once at a moment of the transaction, in the order they were added."""

    def __init__(self) -> None:
        self._functions: deque[Callable[[], Any]] = deque()

    def add(self, function: Callable[[], Any]) -> None:
        """Run `function` at the moment this manager stands for."""
        self._functions.append(function)

    def run(self) -> None:
        """Run and forget all functions; those added meanwhile run too."""
        while self._functions:
            self._functions.popleft()()

    def reset(self) -> None:
        """Forget all functions."""
        self._functions.clear()


class Pool:
    """Idle connections of one process to one database."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver
        self._idle: list[tuple[int, Any]] = []
        self._lock = threading.Lock()
        self.number_turns = NumberTurns()

    def take(self) -> Any:
        """Give an idle connection of this process, or a new one."""
        with self._lock:
            while self._idle:
                pid, connection = self._idle.pop()
                if pid == os.getpid():
                    return connection
        return self.driver.open()

    def give_back(self, connection: Any) -> None:
        """Keep a connection for the next taker, or close it when enough are idle."""
        with self._lock:
            if len(self._idle) < POOLED_CONNECTIONS:
                self._idle.append((os.getpid(), connection))
                return
        connection.close()

    def close(self) -> None:
        """Close all idle connections."""
        with self._lock:
            idle, self._idle = self._idle, []
        for pid, connection in idle:
            if pid == os.getpid():
                connection.close()


class Connection:
    """One connection with its transaction. Statements use `?` and backticks, and run on both databases."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.driver = pool.driver
        self.db_type: str = self.driver.name
        self.is_sqlite = isinstance(self.driver, SQLiteDriver)
        self.before_commit = CallbackManager()
        self.after_commit = CallbackManager()
        self.before_rollback = CallbackManager()
        self.after_rollback = CallbackManager()
        self.statements = 0
        self.transaction_writes = 0
        self.read_only = False
        self._reads_alone = False  # this transaction alone is read-only
        self._raw: Any = None
        self._cursor: Any = None
        self._open = False
        self._turn: WriteQueue | None = None  # held while this writes to SQLite
        self._number_turn: Any = None
        self._held_back: list[tuple[Sequence[str], Callable[[], Any]]] = []

    # connection

    @property
    def raw(self) -> Any:
        """Give the driver's connection, opened at first use."""
        if self._raw is None:
            self._raw = self.pool.take()
            self._cursor = self._raw.cursor()
        return self._raw

    def close(self) -> None:
        """Undo what is not committed and give the connection back to the pool."""
        if self._raw is None:
            return
        try:
            self._end("ROLLBACK")
            self._cursor.close()  # before anybody else has the connection, for closing may talk to the database
        except self.driver.errors.Error:
            self._raw.close()
        else:
            self._cursor = None
            self.pool.give_back(self._raw)
        self._raw = self._cursor = None

    # statements

    def execute(self, query: str, values: Sequence[Any] = (), *, streamed: bool = False) -> Any:
        """Run a statement that only reads; give the cursor. Who has it `streamed` fetches all rows at once: MariaDB's
        connector does not keep them for itself first, and reads them while the server still sends."""
        if self._held_back:
            self._write_for(query)
        self.statements += 1
        if self._raw is None:
            _ = self.raw
        try:
            if self.is_sqlite:
                cursor = self._raw.execute(query, values)
                if cursor.description is None:  # one with rows to give would hold the moment that it reads
                    self._cursor = cursor
                return cursor
            self._open = True
            text = self.driver.with_values(query, values) if values else query
            if text is None:
                self._cursor.execute(query, self.driver.adapt(values), buffered=True)
            else:
                self._cursor.execute(text, buffered=not streamed)
            cursor = self._cursor
            # The cursor is used again, and its count is that of the connection's last statement, a COMMIT for instance.
            # (The number of its columns says the same as their description, which is long to make for a wide table.)
            return cursor if cursor.field_count else Written(cursor.rowcount, cursor.lastrowid)
        except self.driver.errors.Error as error:
            raise self._translated(error, query) from error
        except OverflowError as error:  # SQLite's numbers have 64 bits
            raise DataError("A number is too large for the database") from error

    def write(self, query: str, values: Sequence[Any] = ()) -> Any:
        """Run a statement that writes or locks; give the cursor. Raises `InReadOnlyMode` while writing is switched off."""
        if not self._open or self.read_only:
            self._begin_to_write()
        self.transaction_writes += 1
        return self.execute(query, values)

    def write_many(self, query: str, rows: Sequence[Sequence[Any]]) -> int:
        """Run one statement for many rows of values; give the number of rows changed."""
        if not rows:
            return 0
        if not self._open or self.read_only:
            self._begin_to_write()
        if self._held_back:
            self._write_for(query)
        self.statements += 1
        self.transaction_writes += len(rows)
        try:
            if self.is_sqlite:
                self._cursor = self._raw.executemany(query, rows)
                return int(self._cursor.rowcount)
            text = self.driver.with_rows(query, rows)
            if text is None:
                self._cursor.executemany(query, self.driver.adapt_many(rows))
            else:
                self._cursor.execute(text)
            return int(self._cursor.rowcount)
        except self.driver.errors.Error as error:
            raise self._translated(error, query) from error

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Read all rows of a query."""
        return self.execute(query, values, streamed=True).fetchall()  # type: ignore[no-any-return]

    def row(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Read the first row of a query, None when there is none."""
        if self.is_sqlite:
            return self.execute(query, values).fetchone()  # type: ignore[no-any-return]
        rows = self.rows(query, values)  # the connection sends nothing else before all rows were taken
        return rows[0] if rows else None

    def iterate(self, query: str, values: Sequence[Any] = (), size: int = 1000) -> Iterator[tuple[Any, ...]]:
        """Read the rows of a query one after another on a cursor of its own."""
        self._write_for(query)
        self.statements += 1
        cursor = self.raw.cursor()
        cursor.execute(query, values)
        while rows := cursor.fetchmany(size):
            yield from rows
        cursor.close()

    def _translated(self, error: BaseException, query: str) -> BaseException:
        if self.driver.is_deadlock(error):
            return QueryDeadlockError(error)
        if self.driver.is_timeout(error):
            return QueryTimeoutError(error)
        error.add_note(" ".join(query.split())[:500])
        return error

    # writes that wait

    def hold_back(self, tables: Sequence[str], write: Callable[[], Any]) -> None:
        """Let `write`, which writes rows of `tables`, wait for the first statement that names one of them.

        It is called before that statement, and before a savepoint or the commit at the latest; a rollback drops it. What a document's
        posting still changes in its new row is so written once.
        """
        self._begin_to_write()
        self.transaction_writes += 1
        self._held_back.append((tables, write))

    def _write_for(self, query: str) -> None:
        """Write what was held back where a statement might see the difference."""
        word = query.lstrip()[:9].upper()
        if word == "ROLLBACK ":  # to a savepoint: nothing waits beyond one
            self._held_back = []
        elif word == "SAVEPOINT" or any(table in query for tables, _write in self._held_back for table in tables):
            self.write_held_back()

    def write_held_back(self) -> None:
        """Write all that was held back."""
        waiting, self._held_back = self._held_back, []
        for _tables, write in waiting:
            write()

    # transactions

    def begin(self, read_only: bool = False) -> None:
        """Start the transaction: on SQLite take the write lock.

        With `read_only` writing raises `InReadOnlyMode` until it ends; raises `ImplicitCommitError` over unfinished writes.
        """
        if read_only:
            self._begin_to_read()
        if self._open:
            return
        if self._raw is None:
            _ = self.raw
        if self.is_sqlite:
            turn = write_queue(self.driver.path)
            if not turn.acquire():
                raise QueryTimeoutError("the database is busy writing")
            self._turn = turn
            try:
                self._raw.execute("BEGIN IMMEDIATE")
            except self.driver.errors.Error as error:
                self._release_turn()
                raise self._translated(error, "BEGIN IMMEDIATE") from error
        self._open = True

    def _begin_to_read(self) -> None:
        if self.transaction_writes:
            raise ImplicitCommitError("A transaction that only reads can't begin: something is not committed yet")
        self._end("ROLLBACK")  # what was read belongs to another moment
        cursor = self.raw if self.is_sqlite else self._cursor_of_raw()
        cursor.execute("BEGIN" if self.is_sqlite else "START TRANSACTION READ ONLY")
        self._open, self._reads_alone, self.read_only = True, not self.read_only, True

    def _cursor_of_raw(self) -> Any:
        _ = self.raw  # makes the cursor, too
        return self._cursor

    def _begin_to_write(self) -> None:
        if self.read_only:
            raise InReadOnlyMode("Writing is switched off for now")
        self.begin()

    def in_transaction(self) -> bool:
        """Tell whether something of this connection is not committed yet."""
        return self.transaction_writes > 0

    def commit(self) -> None:
        """Make what was written lasting, then run what was to run after it."""
        if self.before_commit._functions:
            self.before_commit.run()
        if self._held_back:
            self.write_held_back()
        self._end("COMMIT")
        self.before_rollback.reset()
        self.after_rollback.reset()
        if self.after_commit._functions:
            self.after_commit.run()

    def rollback(self, *, save_point: str | None = None) -> None:
        """Undo what was written: all of it, or what came after `save_point`."""
        if save_point:
            self.execute(f"ROLLBACK TO SAVEPOINT {_savepoint(save_point)}")
            return
        self.before_rollback.run()
        self._end("ROLLBACK")
        self.before_commit.reset()
        self.after_commit.reset()
        self.after_rollback.run()

    def _take_number_turn(self, key: str) -> None:
        """Let the threads of this process come one by one to a series; whoever holds locks already does not wait for them."""
        if self._number_turn is None and not self.transaction_writes:
            self._number_turn = self.pool.number_turns.take(key)

    def _pass_number_turn(self) -> None:
        if self._number_turn is not None:
            turn, self._number_turn = self._number_turn, None
            turn.release()

    def _end(self, statement: str) -> None:
        self._held_back = []
        self._pass_number_turn()  # the next one asks the server while this one waits for its disk
        if self._open and self._raw is not None:
            try:
                if self.is_sqlite:
                    if self._raw.in_transaction:
                        self._raw.execute(statement)
                elif statement == "COMMIT":
                    self._raw.commit()
                else:
                    self._raw.rollback()
            except self.driver.errors.Error as error:
                if statement == "COMMIT" and self.is_sqlite:
                    self._raw.rollback()
                raise self._translated(error, statement) from error
            finally:
                self._open = False
                self._release_turn()
                if self._reads_alone:
                    self._reads_alone = self.read_only = False
        self.transaction_writes = 0

    def _release_turn(self) -> None:
        turn = self._turn
        if turn is not None:
            self._turn = None
            turn.release()

    def savepoint(self, save_point: str) -> None:
        """Mark this point of the transaction with a name (letters, digits, underscore)."""
        name = _savepoint(save_point)
        if not self._open:
            self.begin()
        self.execute(f"SAVEPOINT {name}")

    def release_savepoint(self, save_point: str) -> None:
        """Forget the mark, keep what was written since."""
        self.execute(f"RELEASE SAVEPOINT {_savepoint(save_point)}")

    @contextmanager
    def nested(self, name: str = "ec_nested") -> Iterator[None]:
        """Undo what the block wrote when it raises, and go on raising."""
        self.savepoint(name)
        try:
            yield
        except BaseException:
            self.rollback(save_point=name)
            raise
        self.release_savepoint(name)

    def define(self, statements: Iterable[str]) -> None:
        """Change the structure of the database, statement by statement (MariaDB commits at each)."""
        for statement in statements:
            if self.is_sqlite and not self._open:
                self.begin()
            self.execute(statement)


def _savepoint(name: str) -> str:
    if not _SAVEPOINT_NAME.match(name):
        raise ValueError(f"{name!r} can't be the name of a savepoint")
    return f"`{name}`"
