"""`frappe.cache`: values by key, hashes, lists and sets that all processes of the bench see.

Invariant: a value that this context has read or written is unpickled once, and never read stale after its own change.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from frappe_engine.context.local import current
from frappe_engine.context.missing import NamesWhatIsMissing


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
