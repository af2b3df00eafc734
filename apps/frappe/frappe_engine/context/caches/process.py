"""Python objects that one process keeps for a site, and what the running transaction has changed of them.

Invariant: it never shows what is not committed, and never keeps what another process changed beyond the start of the
next request: writers name the keys they changed, readers drop them (`ProcessCache.refresh`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from frappe_engine.context.caches.shared import SharedCache
from frappe_engine.context.local import current

MISSING: Any = object()
MOST_OF_A_TRANSACTION = 20_000
MOST_ENTRIES = 200_000
DEFINITIONS = ("plan|", "listeners|")  # kinds of keys that other facts are worked out of


class Definitions:
    """What was worked out of definitions, asked for many times a document; none of it outlives a change of any of them.

    A context has it at hand as `definitions`, unless its own transaction has changed a definition.
    """

    __slots__ = ("by_name", "listeners", "plans", "quiet", "readers")

    def __init__(self) -> None:
        self.plans: dict[str, Any] = {}  # the entries `plan|…` once more, by DocType
        self.listeners: dict[str, Any] = {}  # likewise the entries `listeners|…`
        self.quiet: set[Any] = set()  # (DocType, class, event): events of documents that nobody listens to
        self.readers: dict[Any, Any] = {}  # by statement: how results are read
        self.by_name: dict[Any, Any] = {}  # by DocType and fields: the query for these of one document

    def clear(self) -> None:
        """Forget all of it."""
        for kind in (self.plans, self.listeners, self.quiet, self.readers, self.by_name):
            kind.clear()


class ProcessCache:
    """Python objects this process keeps for one site: compiled metas, permissions, cached documents.

    Keys are strings of the form `<kind>|<name>`.
    """

    def __init__(self, shared: SharedCache) -> None:
        self.shared = shared
        self.entries: dict[str, Any] = {}
        self.definitions = Definitions()
        self.generation = 0
        self._seen = shared.backend.last()
        self._lock = threading.Lock()

    def get(self, key: str, default: Any = None) -> Any:
        """Give what is kept under `key`; what this transaction itself changed counts as not kept."""
        own = current().__dict__
        if own.get("changed_cache_keys") and _has_changed(own, key):
            return own.setdefault("changed_cache_entries", {}).get(key, default)
        return self.entries.get(key, default)

    def get_or_load(self, key: str, load: Callable[[], Any]) -> Any:
        """Give what is kept under `key`; load and keep it when missing.

        What this transaction changed is kept for this transaction alone, until it ends.
        """
        own = current().__dict__
        if own.get("changed_cache_keys") and _has_changed(own, key):
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
        for key, value in values.items():
            self.keep_own_one(key, value)

    def keep_own_one(self, key: str, value: Any) -> None:
        """Keep one value of what this transaction changed as `keep_own` does."""
        overlay = _overlay()
        if len(overlay) < MOST_OF_A_TRANSACTION and _is_changed(key):
            overlay[key] = value

    def own(self, keys: Iterable[str]) -> dict[str, Any]:
        """Give what is kept for this transaction alone under some keys."""
        overlay = current().__dict__.get("changed_cache_entries")
        return {key: overlay[key] for key in keys if key in overlay} if overlay else {}

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
        """Drop `keys` (`<kind>|*`: a whole kind) here now and, when this transaction commits, in every process."""
        if any([key[-1:] == "*" or key.startswith(DEFINITIONS) for key in keys]):
            self._forget_far(keys)
        self.forget_exactly(keys)

    def forget_exactly(self, keys: Sequence[str]) -> None:
        """Drop what is kept under `keys`, single documents for instance, as `forget` does."""
        own = current().__dict__
        changed = own.get("changed_cache_keys")
        if changed is None:
            changed = own["changed_cache_keys"] = set()
        changed.update(keys)
        if own.get("made_cache_keys"):
            own["made_cache_keys"].difference_update(keys)
        self.generation += 1
        _drop_exactly(self.entries, keys)
        if overlay := own.get("changed_cache_entries"):
            _drop_exactly(overlay, keys)
        database = own.get("db")
        if database is None or not database.in_transaction():
            self.publish_changes()

    def begin_with(self, *keys: str) -> None:
        """Read something that this transaction has just made, and that was never there before, for this transaction alone
        until it ends. No other process can have it, so none has to hear of it."""
        own = current().__dict__
        changed, made = own.get("changed_cache_keys"), own.get("made_cache_keys")
        if changed is None:
            changed = own["changed_cache_keys"] = set()
        if made is None:
            made = own["made_cache_keys"] = set()
        changed.update(keys)
        made.update(keys)
        for key in keys:  # what ran while it was made may have read it
            self.entries.pop(key, None)

    def _forget_far(self, keys: Sequence[str]) -> None:
        """Drop whole kinds, and definitions with what was worked out of them."""
        _changed_prefixes().update([key[:-1] for key in keys if key[-2:] == "|*"])
        if any(map(_is_definition, keys)):
            context = current()
            context.definitions_changed, context.definitions = True, None
        _drop_matching(_overlay(), keys)
        self._drop(keys)

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
        own = current().__dict__
        changed = own.get("changed_cache_keys")
        if not changed:
            return
        news = changed.difference(own.get("made_cache_keys") or ())
        if news:
            if "changed_cache_prefixes" in own:  # whole kinds, or definitions
                self._drop(news)
            else:
                self.generation += 1
                _drop_exactly(self.entries, news)
            self.shared.backend.publish(sorted(news))
        self._forget_transaction(own)

    def discard_changes(self) -> None:
        """Forget what a rolled-back transaction changed."""
        changed = _changed_keys()
        if changed:
            self._drop(changed)
            self._forget_transaction(current().__dict__)

    def discard_since_savepoint(self) -> None:
        """Read anew what this transaction changed, part of which was undone."""
        _overlay().clear()

    def _forget_transaction(self, own: dict[str, Any]) -> None:
        own.pop("changed_cache_keys", None)
        own.pop("made_cache_keys", None)
        own.pop("changed_cache_prefixes", None)
        own.pop("changed_cache_entries", None)
        if own.pop("definitions_changed", False):
            own["definitions"] = self.definitions

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
        entries = self.entries
        for key in keys:
            if key[-1:] == "*" or key.startswith(DEFINITIONS):
                break
            entries.pop(key, None)
        else:  # nearly always: single documents
            return
        if any(map(_is_definition, keys)):
            self.definitions.clear()
        _drop_matching(entries, keys)

    def _drop_all(self) -> None:
        self.generation += 1
        self.definitions.clear()
        self.entries.clear()


def _is_definition(key: str) -> bool:
    return key.startswith(DEFINITIONS) or key == "*"


def _changed_keys() -> set[str]:
    return current().__dict__.setdefault("changed_cache_keys", set())  # type: ignore[no-any-return]


def _overlay() -> dict[str, Any]:
    """What this transaction has loaded of what it changed."""
    return current().__dict__.setdefault("changed_cache_entries", {})  # type: ignore[no-any-return]


def _drop_exactly(entries: dict[str, Any], keys: Iterable[str]) -> None:
    for key in entries.keys() & keys:
        entries.pop(key, None)


def _drop_matching(entries: dict[str, Any], keys: Iterable[str]) -> None:
    for key in keys:
        if key[-1:] != "*":
            entries.pop(key, None)
        elif key == "*":
            entries.clear()
        elif key[-2:] == "|*":
            for found in [name for name in list(entries) if name.startswith(key[:-1])]:
                entries.pop(found, None)
        else:
            entries.pop(key, None)


def _changed_prefixes() -> set[str]:
    return current().__dict__.setdefault("changed_cache_prefixes", set())  # type: ignore[no-any-return]


def _is_changed(key: str) -> bool:
    """Tell whether this transaction changed what `key` stands for, by itself or with its whole kind."""
    return _has_changed(current().__dict__, key)


def _has_changed(own: dict[str, Any], key: str) -> bool:
    changed = own.get("changed_cache_keys")
    if not changed:
        return False
    if key in changed:
        return True
    prefixes = own.get("changed_cache_prefixes")
    return key.startswith(tuple(prefixes)) if prefixes else False
