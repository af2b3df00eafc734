"""Where the values live that all processes of a bench share: a SQLite file beside the site, Redis, or this process.

Invariant: a change by `update` is one step to every process; the log of invalidations keeps its order.
"""

from __future__ import annotations

import fnmatch
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from frappe_engine.context.caches.changes import ChangeLog, Position

KEPT_INVALIDATIONS = 20_000
ADDED_MEANWHILE = 200  # between a look at the number of invalidations and one at the invalidations


class Backend(Protocol):
    """Where shared values live: keys to bytes with an optional end, and a log of invalidated process-cache keys."""

    def get(self, key: str) -> bytes | None: ...
    def put(self, key: str, value: bytes, expires_in_sec: float | None) -> None: ...
    def remove(self, keys: Iterable[str]) -> None: ...
    def keys(self, pattern: str) -> list[str]: ...
    def update(self, key: str, change: Callable[[bytes | None], tuple[bytes | None, Any]]) -> Any: ...
    def publish(self, keys: Iterable[str]) -> None: ...
    def poll(self, since: Any) -> tuple[Any, list[str] | None]: ...
    def last(self) -> Any: ...


class SQLiteBackend:
    """Shared values in a SQLite file, invalidations in a file beside it: durable enough for a cache, safe between processes."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._changes = ChangeLog(f"{path}.changes")
        self._local = threading.local()
        self._lock = threading.RLock()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None or self._local.pid != os.getpid():
            connection = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value BLOB, ends REAL) WITHOUT ROWID"
            )
            self._local.connection, self._local.pid = connection, os.getpid()
        return connection

    def get(self, key: str) -> bytes | None:
        row = self._connection().execute("SELECT value, ends FROM entries WHERE key=?", (key,)).fetchone()
        return None if row is None or (row[1] is not None and row[1] < time.time()) else row[0]

    def put(self, key: str, value: bytes, expires_in_sec: float | None) -> None:
        ends = time.time() + expires_in_sec if expires_in_sec else None
        self._connection().execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", (key, value, ends))

    def remove(self, keys: Iterable[str]) -> None:
        self._connection().executemany("DELETE FROM entries WHERE key=?", [(key,) for key in keys])

    def keys(self, pattern: str) -> list[str]:
        rows = self._connection().execute(
            "SELECT key FROM entries WHERE key GLOB ? AND (ends IS NULL OR ends >= ?)", (pattern, time.time())
        )
        return [row[0] for row in rows]

    def update(self, key: str, change: Callable[[bytes | None], tuple[bytes | None, Any]]) -> Any:
        connection = self._connection()
        with self._lock, _immediate(connection):
            value, result = change(self.get(key))
            if value is None:
                connection.execute("DELETE FROM entries WHERE key=?", (key,))
            else:
                connection.execute(
                    "INSERT INTO entries VALUES (?, ?, NULL) ON CONFLICT(key) DO UPDATE SET value=excluded.value",
                    (key, value),
                )
        return result

    def publish(self, keys: Iterable[str]) -> None:
        self._changes.append(keys)

    def poll(self, since: Position) -> tuple[Position, list[str] | None]:
        return self._changes.since(since)

    def last(self) -> Position:
        """Give where the log of invalidations ends now."""
        return self._changes.position()


@contextmanager
def _immediate(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


class RedisBackend:
    """Shared values in Redis; invalidations as a numbered list there."""

    LOG, COUNT = "invalidations", "invalidations_so_far"

    def __init__(self, url: str, prefix: str) -> None:
        import redis  # only where a site is configured for it

        self.redis: Any = redis.Redis.from_url(url)
        self.prefix = prefix

    def _key(self, key: str) -> str:
        return f"{self.prefix}|{key}"

    def get(self, key: str) -> bytes | None:
        value: bytes | None = self.redis.get(self._key(key))
        return value

    def put(self, key: str, value: bytes, expires_in_sec: float | None) -> None:
        self.redis.set(self._key(key), value, px=int(expires_in_sec * 1000) if expires_in_sec else None)

    def remove(self, keys: Iterable[str]) -> None:
        names = [self._key(key) for key in keys]
        if names:
            self.redis.delete(*names)

    def keys(self, pattern: str) -> list[str]:
        skip = len(self.prefix) + 1
        return [key.decode()[skip:] for key in self.redis.scan_iter(self._key(pattern), count=1000)]

    def update(self, key: str, change: Callable[[bytes | None], tuple[bytes | None, Any]]) -> Any:
        name = self._key(key)

        def transaction(pipe: Any) -> None:
            value, self._result = change(pipe.get(name))
            pipe.multi()
            pipe.delete(name) if value is None else pipe.set(name, value, keepttl=True)

        self.redis.transaction(transaction, name)
        return self._result

    def publish(self, keys: Iterable[str]) -> None:
        names = list(keys)
        log = self._key(self.LOG)
        pipe = self.redis.pipeline(transaction=True)
        pipe.rpush(log, *names)
        pipe.ltrim(log, -KEPT_INVALIDATIONS, -1)
        pipe.incrby(self._key(self.COUNT), len(names))
        pipe.execute()

    def poll(self, since: int) -> tuple[int, list[str] | None]:
        missed = self.last() - since
        if not missed:
            return since, []
        pipe = self.redis.pipeline(transaction=True)
        pipe.get(self._key(self.COUNT))
        pipe.lrange(self._key(self.LOG), -(abs(missed) + ADDED_MEANWHILE), -1)
        count, log = pipe.execute()
        last = int(count or 0)
        missed = last - since
        if not 0 <= missed <= len(log):  # the log was emptied, or does not reach back so far any more
            return last, None
        return last, [key.decode() for key in log[len(log) - missed :]]

    def last(self) -> int:
        """Give the number of invalidations so far."""
        return int(self.redis.get(self._key(self.COUNT)) or 0)


class MemoryBackend:
    """Shared values of one process, for work without a site."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[bytes, float | None]] = {}
        self._lock = threading.RLock()

    def get(self, key: str) -> bytes | None:
        value = self._values.get(key)
        return None if value is None or (value[1] is not None and value[1] < time.time()) else value[0]

    def put(self, key: str, value: bytes, expires_in_sec: float | None) -> None:
        self._values[key] = (value, time.time() + expires_in_sec if expires_in_sec else None)

    def remove(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._values.pop(key, None)

    def keys(self, pattern: str) -> list[str]:
        return [key for key in list(self._values) if fnmatch.fnmatchcase(key, pattern) and self.get(key) is not None]

    def update(self, key: str, change: Callable[[bytes | None], tuple[bytes | None, Any]]) -> Any:
        with self._lock:
            value, result = change(self.get(key))
            if value is None:
                self._values.pop(key, None)
            else:
                self._values[key] = (value, None)
        return result

    def publish(self, keys: Iterable[str]) -> None:
        """Nobody else listens."""

    def poll(self, since: int) -> tuple[int, list[str] | None]:
        return since, []

    def last(self) -> int:
        """Nothing was ever published."""
        return 0


def backend_of(sites_path: str, site: str | None, redis_url: str | None) -> Any:
    if redis_url:
        return RedisBackend(redis_url, prefix=site or "bench")
    folder = os.path.join(sites_path, site, "locks") if site else ""
    if site and os.path.isdir(os.path.join(sites_path, site)):
        os.makedirs(folder, exist_ok=True)
        return SQLiteBackend(os.path.join(folder, "cache.sqlite3"))
    return MemoryBackend()
