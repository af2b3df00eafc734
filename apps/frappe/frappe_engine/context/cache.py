"""What is remembered between requests: values apps put there, and what this process has compiled or loaded.

`SharedCache` is `frappe.cache`: seen by all processes of the bench (a SQLite file beside the site, or Redis).
`ProcessCache` holds Python objects of this process (metas, permissions, cached documents).

Invariant: a process cache never shows what is not committed, and never keeps what another process changed beyond
the start of the next request: writers name the keys they changed, readers drop them (`ProcessCache.refresh`).
"""

from __future__ import annotations

import fnmatch
import os
import pickle
import sqlite3
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Any, Protocol

from frappe_engine.context.local import current
from frappe_engine.context.missing import NamesWhatIsMissing

MISSING: Any = object()
KEPT_INVALIDATIONS = 20_000
MOST_OF_A_TRANSACTION = 20_000
MOST_ENTRIES = 200_000


class Backend(Protocol):
    """Where shared values live: keys to bytes with an optional end, and a log of invalidated process-cache keys."""

    def get(self, key: str) -> bytes | None: ...
    def put(self, key: str, value: bytes, expires_in_sec: float | None) -> None: ...
    def remove(self, keys: Iterable[str]) -> None: ...
    def keys(self, pattern: str) -> list[str]: ...
    def update(self, key: str, change: Callable[[bytes | None], tuple[bytes | None, Any]]) -> Any: ...
    def publish(self, keys: Iterable[str]) -> None: ...
    def poll(self, since: int) -> tuple[int, list[str] | None]: ...


class SQLiteBackend:
    """Shared values in a SQLite file: durable enough for a cache, safe between processes."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._local = threading.local()
        self._lock = threading.RLock()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None or self._local.pid != os.getpid():
            connection = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=OFF")
            connection.executescript(
                "CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value BLOB, ends REAL) WITHOUT ROWID;"
                "CREATE TABLE IF NOT EXISTS invalidations (seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT);"
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
        connection = self._connection()
        with self._lock, _immediate(connection):  # one transaction: without, every key would be one
            connection.executemany("INSERT INTO invalidations (key) VALUES (?)", [(key,) for key in keys])
            connection.execute(
                "DELETE FROM invalidations WHERE seq <= (SELECT max(seq) FROM invalidations) - ?", (KEPT_INVALIDATIONS,)
            )

    def poll(self, since: int) -> tuple[int, list[str] | None]:
        rows = self._connection().execute("SELECT seq, key FROM invalidations WHERE seq > ? ORDER BY seq", (since,))
        found = rows.fetchall()
        if not found:
            return since, []
        first, last = found[0][0], found[-1][0]
        return last, ([row[1] for row in found] if first == since + 1 else None)

    def last(self) -> int:
        """Give the number of the newest invalidation."""
        row = self._connection().execute("SELECT seq FROM sqlite_sequence WHERE name='invalidations'").fetchone()
        return int(row[0]) if row else 0


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

    LOG = "invalidations"

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
        pipe = self.redis.pipeline()
        for key in keys:
            pipe.rpush(self._key(self.LOG), key)
        pipe.execute()

    def poll(self, since: int) -> tuple[int, list[str] | None]:
        name = self._key(self.LOG)
        length = int(self.redis.llen(name))
        if length == since:
            return since, []
        if length < since:
            return length, None
        return length, [key.decode() for key in self.redis.lrange(name, since, length - 1)]

    def last(self) -> int:
        """Give the number of invalidations so far."""
        return int(self.redis.llen(self._key(self.LOG)))


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


class SharedCache(NamesWhatIsMissing):
    """`frappe.cache`: values by key, hashes, lists and sets, shared by all processes of the bench.

    Keys are per site unless `shared=True`; with `user=` also per user. Values are anything that pickles.
    """

    public_name = "frappe.cache"

    def __init__(self, backend: Any) -> None:
        self.backend = backend

    def __call__(self) -> SharedCache:
        return self

    def make_key(self, key: Any, user: Any = None, shared: bool = False) -> str:
        """Give the full key of `key`."""
        if shared:
            return f"shared|{key}"
        if user is True:
            user = current().session.user
        return f"user:{user}|{key}" if user else str(key)

    def set_value(
        self, key: Any, val: Any, user: Any = None, expires_in_sec: float | None = None, shared: bool = False
    ) -> None:
        """Keep `val` under `key`, for `expires_in_sec` seconds or until it is deleted."""
        full_key = self.make_key(key, user, shared)
        self._seen().pop(full_key, None)
        self.backend.put(full_key, pickle.dumps(val), expires_in_sec)
        if not expires_in_sec:
            self._seen()[full_key] = val

    def get_value(
        self,
        key: Any,
        generator: Callable[[], Any] | None = None,
        user: Any = None,
        expires: bool = False,
        shared: bool = False,
        use_local_cache: bool = True,
    ) -> Any:
        """Give the value under `key`, or None; with `generator`, make and keep what is missing."""
        full_key = self.make_key(key, user, shared)
        seen = self._seen()
        if use_local_cache and not expires and full_key in seen:
            return seen[full_key]
        raw = self.backend.get(full_key)
        value = None if raw is None else pickle.loads(raw)
        if raw is None and generator:
            value = generator()
            self.set_value(key, value, user=user, shared=shared)
        elif raw is not None and not expires:
            seen[full_key] = value
        return value

    def delete_value(self, keys: Any, user: Any = None, make_keys: bool = True, shared: bool = False) -> None:
        """Forget one key or a list of keys."""
        names = [keys] if isinstance(keys, (str, bytes)) else list(keys)
        full = [self.make_key(key, user, shared) for key in names] if make_keys else [str(key) for key in names]
        for key in full:
            self._seen().pop(key, None)
        self.backend.remove(full)

    def delete_key(self, *args: Any, **kwargs: Any) -> None:
        """Forget keys; same as `delete_value`."""
        self.delete_value(*args, **kwargs)

    def get_keys(self, key: str) -> list[str]:
        """Give the keys that start with `key`."""
        return self.backend.keys(f"{self.make_key(key)}*")  # type: ignore[no-any-return]

    def delete_keys(self, key: str) -> None:
        """Forget every key that starts with `key`."""
        self.delete_value(self.get_keys(key), make_keys=False)

    def exists(self, key: str, user: Any = None, shared: bool = False) -> bool:
        """Tell whether something is kept under `key`."""
        return self.backend.get(self.make_key(key, user, shared)) is not None

    def get(self, key: str) -> Any:
        """Give the value under `key` of this site, or None."""
        return self.get_value(key, use_local_cache=False)

    def set(self, key: str, value: Any, ex: float | None = None, nx: bool = False) -> bool:
        """Keep `value` under `key`; with `nx` only where nothing is kept yet; tell whether it was kept."""
        if nx and self.exists(key):
            return False
        self.set_value(key, value, expires_in_sec=ex)
        return True

    def expire_key(self, key: str, time_s: float) -> None:
        """Let `key` end in `time_s` seconds."""
        value = self.get(key)
        if value is not None:
            self.set_value(key, value, expires_in_sec=time_s)

    expire = expire_key

    def pipeline(self, *_args: Any, **_kwargs: Any) -> Pipeline:
        """Give an object that takes calls of this cache and makes them, in their order, when `execute` is called."""
        return Pipeline(self)

    # hashes

    def hset(self, name: str, key: Any, value: Any = None, shared: bool = False, **_ignored: Any) -> None:
        """Keep `value` under `key` of the hash `name`."""
        self._change(name, {}, lambda entries: entries.__setitem__(key, value), shared=shared)

    def hget(self, name: str, key: Any, generator: Callable[[], Any] | None = None, shared: bool = False) -> Any:
        """Give the value under `key` of the hash `name`, or None; with `generator`, make and keep what is missing."""
        entries = self.hgetall(name, shared=shared)
        if key in entries:
            return entries[key]
        if generator is None:
            return None
        value = generator()
        self.hset(name, key, value, shared=shared)
        return value

    def hgetall(self, name: str, shared: bool = False) -> dict[Any, Any]:
        """Give the whole hash `name`."""
        raw = self.backend.get(self.make_key(name, shared=shared))
        return {} if raw is None else pickle.loads(raw)

    def hexists(self, name: str, key: Any, shared: bool = False) -> bool:
        """Tell whether the hash `name` has `key`."""
        return key in self.hgetall(name, shared=shared)

    def hdel(self, name: str, keys: Any, shared: bool = False, **_ignored: Any) -> None:
        """Forget one key or several of the hash `name`."""
        gone = keys if isinstance(keys, (list, tuple)) else [keys]
        self._change(name, {}, lambda entries: [entries.pop(key, None) for key in gone], shared=shared)

    def hdel_names(self, names: Iterable[str], key: Any) -> None:
        """Forget `key` in each of the hashes `names`."""
        for name in names:
            self.hdel(name, key)

    def hdel_keys(self, name_starts_with: str, key: Any) -> None:
        """Forget `key` in every hash whose name starts with `name_starts_with`."""
        self.hdel_names(self.get_keys(name_starts_with), key)

    def hkeys(self, name: str) -> list[Any]:
        """Give the keys of the hash `name`."""
        return list(self.hgetall(name))

    # lists and sets

    def lpush(self, key: str, value: Any) -> int:
        """Put `value` in front of the list `key`; give its length."""
        return self._change(key, [], lambda items: (items.insert(0, value), len(items))[1])  # type: ignore[no-any-return]

    def rpush(self, key: str, value: Any) -> int:
        """Put `value` behind the list `key`; give its length."""
        return self._change(key, [], lambda items: (items.append(value), len(items))[1])  # type: ignore[no-any-return]

    def lpop(self, key: str) -> Any:
        """Take the first value of the list `key`, or None."""
        return self._change(key, [], lambda items: items.pop(0) if items else None)

    def rpop(self, key: str) -> Any:
        """Take the last value of the list `key`, or None."""
        return self._change(key, [], lambda items: items.pop() if items else None)

    def llen(self, key: str) -> int:
        """Give the length of the list `key`."""
        return len(self.lrange(key, 0, -1))

    def lrange(self, key: str, start: int, stop: int) -> list[Any]:
        """Give the values from `start` to `stop` (inclusive, -1 is the last) of the list `key`."""
        items = self._read(key, [])
        return list(items[start : None if stop == -1 else stop + 1])

    def ltrim(self, key: str, start: int, stop: int) -> None:
        """Keep only the values from `start` to `stop` of the list `key`."""
        end = None if stop == -1 else stop + 1
        self._change(key, [], lambda items: items.__setitem__(slice(None), items[start:end]))

    def sadd(self, name: str, *values: Any) -> None:
        """Add `values` to the set `name`."""
        self._change(name, set(), lambda members: members.update(values))

    def srem(self, name: str, *values: Any) -> None:
        """Take `values` out of the set `name`."""
        self._change(name, set(), lambda members: members.difference_update(values))

    def sismember(self, name: str, value: Any) -> bool:
        """Tell whether `value` is in the set `name`."""
        return value in self._read(name, set())

    def smembers(self, name: str) -> AbstractSet[Any]:
        """Give the set `name`."""
        return set(self._read(name, set()))

    def incrby(self, key: str, amount: int = 1) -> int:
        """Add `amount` to the number under `key` in one step; give the result."""
        return self._change_value(key, lambda number: (number or 0) + amount)  # type: ignore[no-any-return]

    incr = incrby

    def decrby(self, key: str, amount: int = 1) -> int:
        """Take `amount` from the number under `key` in one step; give the result."""
        return self.incrby(key, -amount)

    decr = decrby

    def flushall(self) -> None:
        """Forget everything."""
        self.backend.remove(self.backend.keys("*"))
        self._seen().clear()

    def _seen(self) -> dict[str, Any]:
        return current().__dict__.setdefault("cache", {})  # type: ignore[no-any-return]

    def _read(self, key: str, empty: Any) -> Any:
        raw = self.backend.get(self.make_key(key))
        return empty if raw is None else pickle.loads(raw)

    def _change(self, key: str, empty: Any, change: Callable[[Any], Any], shared: bool = False) -> Any:
        def apply(raw: bytes | None) -> tuple[bytes | None, Any]:
            container = empty if raw is None else pickle.loads(raw)
            result = change(container)
            return (pickle.dumps(container) if container else None), result

        full_key = self.make_key(key, shared=shared)
        self._seen().pop(full_key, None)
        return self.backend.update(full_key, apply)

    def _change_value(self, key: str, change: Callable[[Any], Any]) -> Any:
        def apply(raw: bytes | None) -> tuple[bytes | None, Any]:
            value = change(None if raw is None else pickle.loads(raw))
            return pickle.dumps(value), value

        full_key = self.make_key(key)
        self._seen().pop(full_key, None)
        return self.backend.update(full_key, apply)


class Pipeline:
    """Calls of a shared cache that are made together; use it in a with-block or call `execute`."""

    def __init__(self, shared: SharedCache) -> None:
        self._shared = shared
        self._calls: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Callable[..., Pipeline]:
        function = getattr(self._shared, name)

        def note(*args: Any, **kwargs: Any) -> Pipeline:
            self._calls.append((function, args, kwargs))
            return self

        return note

    def execute(self, *_args: Any, **_kwargs: Any) -> list[Any]:
        """Make the calls and give their results; the pipeline is empty then."""
        calls, self._calls = self._calls, []
        return [function(*args, **kwargs) for function, args, kwargs in calls]

    def __enter__(self) -> Pipeline:
        return self

    def __exit__(self, *_error: object) -> None:
        self._calls = []


class ProcessCache:
    """Python objects this process keeps for one site: compiled metas, permissions, cached documents.

    Keys are strings of the form `<kind>|<name>`.
    """

    def __init__(self, shared: SharedCache) -> None:
        self.shared = shared
        self.entries: dict[str, Any] = {}
        self.plans: dict[str, Any] = {}  # the entries `plan|…` once more, by DocType: asked for many times a document
        self.readers: dict[Any, Any] = {}  # by statement: how results are read, as far as definitions tell
        self.generation = 0
        self._seen = shared.backend.last()
        self._lock = threading.Lock()

    def get(self, key: str, default: Any = None) -> Any:
        """Give what is kept under `key`; what this transaction itself changed counts as not kept."""
        if _is_changed(key):
            return _overlay().get(key, default)
        value = self.entries.get(key, MISSING)
        return default if value is MISSING else value

    def get_or_load(self, key: str, load: Callable[[], Any]) -> Any:
        """Give what is kept under `key`; load and keep it when missing.

        What this transaction changed is kept for this transaction alone, until it ends.
        """
        if _is_changed(key):
            return self._own_or_load(key, load)
        try:
            return self.entries[key]
        except KeyError:
            pass
        generation = self.generation
        value = load()
        if generation == self.generation and not _is_changed(key):
            self.keep({key: value})
        return value

    def reload(self, key: str, load: Callable[[], Any]) -> Any:
        """Load what is kept under `key` in place of what is there, as `get_or_load` does what is missing."""
        (_overlay() if _is_changed(key) else self.entries).pop(key, None)
        return self.get_or_load(key, load)

    def _own_or_load(self, key: str, load: Callable[[], Any]) -> Any:
        overlay = _overlay()
        value = overlay.get(key, MISSING)
        if value is MISSING:
            value = load()
            if len(overlay) >= MOST_OF_A_TRANSACTION:
                overlay.clear()
            overlay[key] = value
        return value

    def keep_own(self, values: Mapping[str, Any]) -> None:
        """Keep values of what this transaction changed for this transaction alone, until it ends."""
        if len(_overlay()) + len(values) <= MOST_OF_A_TRANSACTION:
            _overlay().update({key: value for key, value in values.items() if _is_changed(key)})

    def own(self, keys: Iterable[str]) -> dict[str, Any]:
        """Give what is kept for this transaction alone under some keys."""
        overlay = _overlay()
        return {key: overlay[key] for key in keys if key in overlay}

    def forget_own(self, prefix: str) -> None:
        """Drop what is kept for this transaction alone under keys that begin so."""
        _drop_matching(_overlay(), [f"{prefix}|*"])

    def keep(self, values: Mapping[str, Any]) -> None:
        """Keep several values that were read outside a transaction; the oldest half goes when there are too many."""
        if len(self.entries) + len(values) > MOST_ENTRIES:
            for key in list(self.entries)[: MOST_ENTRIES // 2]:
                if key.startswith(("link|", "doc|")):
                    self.entries.pop(key, None)
        self.entries.update(values)

    def forget(self, *keys: str) -> None:
        """Drop `keys` here now and, when this transaction commits, in every process."""
        _changed_keys().update(keys)
        kinds = [key[:-1] for key in keys if key.endswith("|*")]
        if kinds:
            _changed_prefixes().update(kinds)
        if any(map(_is_definition, keys)):
            current().definitions_changed = True
        _drop_matching(_overlay(), keys)
        self._drop(keys)
        database = current().get("db")
        if database is None or not database.in_transaction():
            self.publish_changes()

    def forget_kind(self, kind: str) -> None:
        """Drop every key of a kind, as `forget` does."""
        prefix = f"{kind}|"
        self.forget(*[key for key in list(self.entries) if key.startswith(prefix)], f"{prefix}*")

    def clear(self) -> None:
        """Drop everything here and in every process."""
        self._drop_all()
        self.shared.backend.publish(["*"])

    def publish_changes(self) -> None:
        """Tell every process what this transaction changed; called after commit."""
        changed = _changed_keys()
        if not changed:
            return
        self._drop(changed)
        self.shared.backend.publish(sorted(changed))
        _forget_transaction()

    def discard_changes(self) -> None:
        """Forget what a rolled-back transaction changed."""
        changed = _changed_keys()
        if changed:
            self._drop(changed)
            _forget_transaction()

    def discard_since_savepoint(self) -> None:
        """Read anew what this transaction changed, part of which was undone."""
        _overlay().clear()

    def refresh(self) -> None:
        """Drop what other processes changed since the last look; called when a request or job starts."""
        with self._lock:
            last, keys = self.shared.backend.poll(self._seen)
            self._seen = last
        if keys is None:
            self._drop_all()
        elif keys:
            self._drop(keys)

    def _drop(self, keys: Iterable[str]) -> None:
        self.generation += 1
        if any(map(_is_definition, keys)):
            self.plans.clear()
            self.readers.clear()
        _drop_matching(self.entries, keys)

    def _drop_all(self) -> None:
        self.generation += 1
        self.plans.clear()
        self.readers.clear()
        self.entries.clear()


def _is_definition(key: str) -> bool:
    return key.startswith("plan|") or key == "*"


def _changed_keys() -> set[str]:
    return current().__dict__.setdefault("changed_cache_keys", set())  # type: ignore[no-any-return]


def _overlay() -> dict[str, Any]:
    """What this transaction has loaded of what it changed."""
    return current().__dict__.setdefault("changed_cache_entries", {})  # type: ignore[no-any-return]


def _forget_transaction() -> None:
    _changed_keys().clear()
    _changed_prefixes().clear()
    _overlay().clear()
    current().__dict__.pop("definitions_changed", None)


def _drop_matching(entries: dict[str, Any], keys: Iterable[str]) -> None:
    for key in keys:
        if key == "*":
            entries.clear()
        elif key.endswith("|*"):
            for found in [name for name in list(entries) if name.startswith(key[:-1])]:
                entries.pop(found, None)
        else:
            entries.pop(key, None)


def _changed_prefixes() -> set[str]:
    return current().__dict__.setdefault("changed_cache_prefixes", set())  # type: ignore[no-any-return]


def _is_changed(key: str) -> bool:
    """Tell whether this transaction changed what `key` stands for, by itself or with its whole kind."""
    own = current().__dict__
    changed = own.get("changed_cache_keys")
    if not changed:
        return False
    if key in changed:
        return True
    prefixes = own.get("changed_cache_prefixes")
    return key.startswith(tuple(prefixes)) if prefixes else False


_shared: dict[Hashable, SharedCache] = {}
_process: dict[Hashable, ProcessCache] = {}


def shared_cache(sites_path: str, site: str | None, redis_url: str | None = None) -> SharedCache:
    """Give the shared cache of a site, one object per process."""
    key = (os.path.abspath(sites_path), site, redis_url)
    cache = _shared.get(key)
    if cache is None:
        cache = _shared[key] = SharedCache(_backend(sites_path, site, redis_url))
    return cache


def process_cache(sites_path: str, site: str | None, redis_url: str | None = None) -> ProcessCache:
    """Give this process's cache of a site."""
    key = (os.path.abspath(sites_path), site, redis_url)
    cache = _process.get(key)
    if cache is None:
        cache = _process[key] = ProcessCache(shared_cache(sites_path, site, redis_url))
    return cache


def drop_caches(sites_path: str, site: str) -> None:
    """Forget the cache objects of a site that was removed or made anew."""
    for register in (_shared, _process):
        for key in [
            key for key in register if isinstance(key, tuple) and key[:2] == (os.path.abspath(sites_path), site)
        ]:
            register.pop(key)


def _backend(sites_path: str, site: str | None, redis_url: str | None) -> Any:
    if redis_url:
        return RedisBackend(redis_url, prefix=site or "bench")
    folder = os.path.join(sites_path, site, "locks") if site else ""
    if site and os.path.isdir(os.path.join(sites_path, site)):
        os.makedirs(folder, exist_ok=True)
        return SQLiteBackend(os.path.join(folder, "cache.sqlite3"))
    return MemoryBackend()
