"""What is left of goods that arrived once, by the view that first in goes first out.

Invariant: what is left of all arrivals of a key is never more than what lies there. Worked table: docs/algorithms/landed-cost.md.
"""

from __future__ import annotations

from decimal import Decimal

from ec_erp.kernel.numbers import ZERO


def left_of_arrival(qty: Decimal, on_hand: Decimal, later: Decimal) -> Decimal:
    """Return what is left of ``qty`` units when ``on_hand`` lie there and ``later`` units have arrived after them."""
    return max(ZERO, min(qty, on_hand - later))
