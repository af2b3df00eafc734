"""Which goods of a put-back task a person holds, and when the task is done.

Invariant: no row gets more back than was picked for it; put back + missing + left = picked.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ec_erp.fulfilment.types import PutBackLine


def spread(lines: Sequence[PutBackLine], sku: str, qty: Decimal, bin_name: str) -> list[tuple[PutBackLine, Decimal]]:
    """Spread units of a SKU that are put into a bin over rows: those that came from it first. Empty where they are too many."""
    own = [line for line in lines if line.sku == sku and line.left > 0]
    if qty <= 0 or sum(line.left for line in own) < qty:
        return []
    parts = []
    for line in sorted(own, key=lambda line: line.bin != bin_name):
        part = min(line.left, qty)
        if part > 0:
            parts.append((line, part))
            qty -= part
    return parts


def is_done(lines: Sequence[PutBackLine]) -> bool:
    """Tell whether nothing is left to put back."""
    return all(line.left <= 0 for line in lines)
