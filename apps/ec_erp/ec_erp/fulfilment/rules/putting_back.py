"""Which goods of a recalled order lie in its basket, which of a put-back task a person holds, and when the task is done.

Invariants: baskets hold no more than was picked, none more than its row wants; no row gets more back than was picked for it;
put back + missing + left = picked. Worked table: docs/algorithms/pick-route.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from ec_erp.fulfilment.rules.shortages import DeliveryRow
from ec_erp.fulfilment.types import PutBackLine
from ec_erp.kernel.numbers import ZERO


def in_basket(rows: Iterable[DeliveryRow], picked: Decimal) -> dict[str, Decimal]:
    """Return by row what lies in its basket of what was picked at the place of all of them: baskets are filled in turn."""
    found: dict[str, Decimal] = {}
    left = picked
    for row in sorted(rows, key=lambda row: (row.basket, row.line)):
        found[row.line] = max(ZERO, min(left, row.qty))
        left -= found[row.line]
    return found


def is_of(line: PutBackLine, sku: str, batch: str = "") -> bool:
    """Tell whether goods may belong to a row: of its SKU, and of its batch where both name one."""
    return line.sku == sku and (not batch or not line.batch or line.batch.casefold() == batch.casefold())


def spread(
    lines: Sequence[PutBackLine], sku: str, qty: Decimal, bin_name: str, batch: str = ""
) -> list[tuple[PutBackLine, Decimal]]:
    """Spread units of a SKU (of a batch) that are put into a bin over rows: those that came from it first.

    Empty where they are too many.
    """
    own = [line for line in lines if line.left > 0 and is_of(line, sku, batch)]
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
