"""Contradictions between figures about stock, and what becomes of incidents when they come and go.

Invariant: there is at most one open incident per check and key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.inventory.types import StockKey


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A figure that is not what others say it must be."""

    invariant: str
    key: StockKey
    expected: Decimal
    found: Decimal


@dataclass(frozen=True, slots=True)
class Changes:
    """What a check does to incidents: new ones, those seen again (by name), those that are over (names)."""

    new: tuple[Contradiction, ...]
    again: dict[str, Contradiction]
    over: tuple[str, ...]


def compare(found: Iterable[Contradiction], known: Mapping[str, Contradiction]) -> Changes:
    """Return what to do with incidents that are open (by name) after a check of the same keys has found some."""
    wanted = {(one.invariant, one.key): one for one in found}
    open_ones = {(one.invariant, one.key): name for name, one in known.items()}
    return Changes(
        new=tuple(one for at, one in sorted(wanted.items()) if at not in open_ones),
        again={name: wanted[at] for at, name in open_ones.items() if at in wanted},
        over=tuple(sorted(name for at, name in open_ones.items() if at not in wanted)),
    )
