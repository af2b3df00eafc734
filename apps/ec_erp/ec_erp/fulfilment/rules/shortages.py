"""Which deliveries go without where a bin holds too little: pure.

Invariant: what is taken from rows adds up to what is missing, or to all there is. Worked table: docs/algorithms/pick-route.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A row of a delivery in a wave that is filled from the bin."""

    note: str
    line: str
    basket: int
    qty: Decimal


def take_from(rows: Iterable[DeliveryRow], missing: Decimal) -> tuple[list[tuple[DeliveryRow, Decimal]], Decimal]:
    """Return (row, quantity) pairs that go without, the last basket first, and what no row wanted.

    A picker fills baskets in turn, so what is missing is missing in the last ones.
    """
    taken, left = [], missing
    for row in sorted(rows, key=lambda row: (-row.basket, row.line)):
        used = min(left, row.qty)
        if used > 0:
            taken.append((row, used))
            left -= used
    return taken, max(ZERO, left)
