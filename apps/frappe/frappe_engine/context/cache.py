"""What is remembered between requests: values apps put there, and what this process has compiled or loaded.

`SharedCache` is `frappe.cache`: seen by all processes of the bench (a SQLite file beside the site, or Redis).
`ProcessCache` holds Python objects of this process (metas, permissions, cached documents).

Invariant: one object of each kind per site and process.
"""

from __future__ import annotations

import os
from collections.abc import Hashable

from frappe_engine.context.caches.backends import MemoryBackend, RedisBackend, SQLiteBackend, backend_of
from frappe_engine.context.caches.process import MISSING, ProcessCache
from frappe_engine.context.caches.shared import Pipeline, SharedCache

__all__ = [
    "MISSING",
    "MemoryBackend",
    "Pipeline",
    "ProcessCache",
    "RedisBackend",
    "SQLiteBackend",
    "SharedCache",
    "drop_caches",
    "process_cache",
    "shared_cache",
]

_shared: dict[Hashable, SharedCache] = {}
_process: dict[Hashable, ProcessCache] = {}


def shared_cache(sites_path: str, site: str | None, redis_url: str | None = None) -> SharedCache:
    """Give the shared cache of a site, one object per process."""
    key = (os.path.abspath(sites_path), site, redis_url)
    cache = _shared.get(key)
    if cache is None:
        cache = _shared[key] = SharedCache(backend_of(sites_path, site, redis_url))
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
