"""What is left of goods that arrived once, by the view that first in goes first out.

Invariant: what is left of all arrivals of a key is never more than what lies there. Worked table: docs/algorithms/landed-cost.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class Arrived:
    """Goods that arrived: how many, as which entry of their key, and how many good units lay there before."""

    key: StockKey
    qty: Decimal
    seq: int
    before: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class SentOn:
    """Goods that a transfer took out of a key: ``first`` of all units that have left since the arrival up to ``last``.

    ``to`` says where they are now: at the target, on their way; what is in neither was lost.
    """

    voucher: str
    first: Decimal
    last: Decimal
    to: tuple[Arrived, ...] = ()


def left_of_arrival(qty: Decimal, on_hand: Decimal, later: Decimal) -> Decimal:
    """Return what is left of ``qty`` units when ``on_hand`` lie there and ``later`` units have arrived after them."""
    return max(ZERO, min(qty, on_hand - later))


def own_of_sent(arrival: Arrived, sent: Sequence[SentOn]) -> list[tuple[Arrived, Decimal]]:
    """Return how many units of an arrival went on with which transfers: those that lay there before have left first.

    Where a part of a transfer was lost or is still on its way, its units are taken in the order of ``to``.
    """
    found = []
    for one in sent:
        own = min(one.last, arrival.before + arrival.qty) - max(one.first, arrival.before)
        for place in one.to:
            part = min(max(ZERO, own), place.qty)
            own -= part
            if part > 0:
                found.append((place, part))
    return found
