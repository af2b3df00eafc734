"""The process cache of the site that a context works on.

Invariant: one `ProcessCache` per site and process; a context looks it up once.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.cache import process_cache


def process_cache_of(context: Any) -> Any:
    """Give the process cache of the context's site."""
    cache = context.__dict__.get("process_cache")
    if cache is None:
        config = context.get("conf") or {}
        cache = process_cache(context.get("sites_path") or ".", context.get("site"), config.get("redis_cache"))
        context.process_cache = cache
        context.definitions = None if "definitions_changed" in context.__dict__ else cache.definitions
    return cache
