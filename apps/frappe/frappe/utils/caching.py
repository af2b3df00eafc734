"""Results of functions kept: for one request, in one process, or for all processes of a site.

Invariant: what is kept belongs to one site, and None is a result like any other.
"""

from __future__ import annotations

import functools
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from frappe_engine.context.local import current

Function = Callable[..., Any]
_MISSING = object()


def _key(arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """A key for a call; `_MISSING` when an argument can't be one."""
    key = (arguments, tuple(sorted(options.items()))) if options else arguments
    try:
        hash(key)
    except TypeError:
        return _MISSING
    return key


def request_cache(func: Function) -> Function:
    """Keep the results of a function until the present request (or job) ends; per arguments.

    Calls with arguments that can't be keys (lists, dicts) are not kept.
    """

    @functools.wraps(func)
    def wrapper(*arguments: Any, **options: Any) -> Any:
        key = _key(arguments, options)
        if key is _MISSING:
            return func(*arguments, **options)
        kept = current().__dict__.setdefault("request_cache", {}).setdefault(func, {})
        if key not in kept:
            kept[key] = func(*arguments, **options)
        return kept[key]

    return wrapper


class _SiteCache:
    """Results of one function in this process, by site and arguments; the oldest go when there are too many."""

    def __init__(self, func: Function, ttl: float | None, maxsize: int | None) -> None:
        self._function = func
        self._lifetime_s = ttl
        self._max_size = maxsize
        self._kept: dict[str | None, OrderedDict[Any, tuple[float, Any]]] = {}

    def call(self, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        key = _key(arguments, options)
        if key is _MISSING:
            return self._function(*arguments, **options)
        kept = self._kept.setdefault(current().get("site"), OrderedDict())
        made_at, value = kept.get(key, (0.0, _MISSING))
        fresh = self._lifetime_s is None or time.monotonic() - made_at < self._lifetime_s
        if value is _MISSING or not fresh:
            value = self._function(*arguments, **options)
            kept[key] = (time.monotonic(), value)
            kept.move_to_end(key)
            while self._max_size is not None and len(kept) > self._max_size:
                kept.popitem(last=False)
        return value

    def clear(self) -> None:
        self._kept.pop(current().get("site"), None)


def site_cache(ttl: Any = None, maxsize: int | None = None) -> Any:
    """Keep the results of a function in this process, for `ttl` seconds (or always), at most `maxsize` of them.

    Used as `@site_cache` or `@site_cache(ttl=60, maxsize=128)`; `function.clear_cache()` forgets the site's results.
    """
    if callable(ttl):
        return _with_site_cache(ttl, None, None)
    return lambda func: _with_site_cache(func, ttl, maxsize)


def _with_site_cache(func: Function, ttl: float | None, maxsize: int | None) -> Function:
    cache = _SiteCache(func, ttl, maxsize)

    @functools.wraps(func)
    def wrapper(*arguments: Any, **options: Any) -> Any:
        return cache.call(arguments, options)

    wrapper.clear_cache = cache.clear  # type: ignore[attr-defined]
    return wrapper


def redis_cache(ttl: Any = 3600, user: str | bool | None = None, shared: bool = False) -> Any:
    """Keep the results of a function for all processes of the site, for `ttl` seconds.

    Used as `@redis_cache` or `@redis_cache(ttl=60)`; with `user=True` each user has results of their own, with
    `shared` the sites of the bench share them. `function.clear_cache()` forgets them.
    """
    if callable(ttl):
        return _with_shared_cache(ttl, 3600, user, shared)
    return lambda func: _with_shared_cache(func, ttl, user, shared)


def _with_shared_cache(func: Function, ttl: float | None, user: str | bool | None, shared: bool) -> Function:
    prefix = f"function|{func.__module__}.{func.__qualname__}|"

    @functools.wraps(func)
    def wrapper(*arguments: Any, **options: Any) -> Any:
        cache = current().get("cache_server")
        key = _key(arguments, options)
        if cache is None or key is _MISSING:
            return func(*arguments, **options)
        name = f"{prefix}{key!r}"
        kept = cache.get_value(name, user=user, expires=True, shared=shared)
        if kept is None:
            kept = (func(*arguments, **options),)
            cache.set_value(name, kept, user=user, expires_in_sec=ttl, shared=shared)
        return kept[0]

    def clear_cache() -> None:
        cache = current().get("cache_server")
        if cache is not None:
            cache.delete_keys(f"shared|{prefix}" if shared else prefix)

    wrapper.clear_cache = clear_cache  # type: ignore[attr-defined]
    wrapper.ttl = ttl  # type: ignore[attr-defined]
    return wrapper
