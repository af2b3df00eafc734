"""Which preorders may go on because their goods have come: pure.

Invariant: what is free is given out once, to whoever has waited longest, and only to orders that it serves completely.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class Waiting:
    """A preorder: since when it waits, and what it needs by key (a SKU in a warehouse)."""

    name: str
    since: datetime
    needs: Mapping[object, Decimal]


def arrived(orders: Sequence[Waiting], free: Mapping[object, Decimal]) -> list[str]:
    """Return the orders that what is free serves, those that wait longest first."""
    left = dict(free)
    found = []
    for order in sorted(orders, key=lambda one: (one.since, one.name)):
        if all(left.get(key, ZERO) >= qty for key, qty in order.needs.items()):
            found.append(order.name)
            for key, qty in order.needs.items():
                left[key] = left.get(key, ZERO) - qty
    return found
