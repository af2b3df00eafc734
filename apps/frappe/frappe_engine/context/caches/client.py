"""`frappe.client_cache` of version 16: values that a process reads again and again.

Invariant: a value is never older than the request that reads it; whatever changes it, here or elsewhere, is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from frappe_engine.context.local import current, providers
from frappe_engine.context.missing import NamesWhatIsMissing


class ClientCache(NamesWhatIsMissing):
    """Values by key, read from the shared cache once a request and kept for the rest of it."""

    public_name = "frappe.client_cache"

    def get_value(self, key: str, *, shared: bool = False, generator: Callable[[], Any] | None = None) -> Any:
        """Give the value under `key`, or None; with `generator`, make and keep what is missing."""
        return current().cache_server.get_value(key, generator, shared=shared)

    def set_value(self, key: str, val: Any, *, shared: bool = False, expires_in_sec: float | None = None) -> None:
        """Keep `val` under `key`, for `expires_in_sec` seconds or until it is deleted."""
        current().cache_server.set_value(key, val, shared=shared, expires_in_sec=expires_in_sec)

    def delete_value(self, keys: str | Iterable[str], *, shared: bool = False) -> None:
        """Forget one key or several."""
        current().cache_server.delete_value(keys, shared=shared)

    def delete_keys(self, pattern: str, *, shared: bool = False) -> None:
        """Forget every key that starts with `pattern`."""
        cache = current().cache_server
        cache.delete_value(cache.backend.keys(f"{cache.make_key(pattern, shared=shared)}*"), make_keys=False)

    def get_doc(self, doctype: str, name: Any = None) -> Any:
        """Give a document as it is stored."""
        return providers("get_doc", doctype, name or doctype)

    def clear_cache(self) -> None:
        """Forget what this request has read; the next look is at what is shared."""
        current().cache = {}
