"""Read-through memory for the length of one save or one batch: facts that checks share are loaded once, as a set.

Kinds are DocType names; what was read under a lock is remembered beside it (``LOCKED``). Invariants: what is remembered of a DocType is
dropped when one of its documents has been saved or a flow has changed its rows; outside a save nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

Fact = TypeVar("Fact")
LOCKED = " (locked)"
_Memory = dict[str, dict[str, object | None]]
_memory: ContextVar[_Memory | None] = ContextVar("ec_erp_memo", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember what ``read_through`` loads until the block ends; a nested block shares the outer memory."""
    if _memory.get() is not None:
        yield
        return
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def read_through(kind: str, keys: Iterable[str], load: Callable[[list[str]], Mapping[str, Fact]]) -> dict[str, Fact]:
    """Return facts by case-folded key, unknown ones left out; ``load`` is asked once, for the keys not yet known."""
    wanted = {key.casefold(): key for key in keys if key}
    if not wanted:
        return {}
    memory = _memory.get()
    known: dict[str, object | None] = {} if memory is None else memory.setdefault(kind, {})
    if not wanted.keys() <= known.keys():
        missing = [key for folded, key in sorted(wanted.items()) if folded not in known]
        loaded = {name.casefold(): fact for name, fact in load(missing).items()}
        known.update({key.casefold(): loaded.get(key.casefold()) for key in missing})
    return {folded: cast(Fact, known[folded]) for folded in wanted if known[folded] is not None}


def forget(kind: str) -> None:
    """Drop what is remembered of a kind, because it has just been changed."""
    memory = _memory.get()
    if memory is not None:
        memory.pop(kind, None)
        memory.pop(kind + LOCKED, None)
