"""What a provider says lies in its warehouse against what the books say of the same moment: pure.

Invariant: a difference that orders in flight explain is never booked: their confirmation books it. Worked table:
docs/algorithms/outer-stock-difference.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.outer_warehouse.types import Compared

GOOD = "Good"
Goods = tuple[str, str]  # SKU, grade


def compare(
    outer: Mapping[Goods, Decimal], own: Mapping[Goods, Decimal], in_flight: Mapping[str, Decimal], *, whole: bool
) -> list[Compared]:
    """Return every SKU and grade that the provider lists; of a whole snapshot also what only the books have.

    Orders in flight (by SKU) take good pieces alone.
    """
    goods = set(outer) | ({key for key, qty in own.items() if qty} if whole else set())
    return [
        Compared(
            sku,
            grade,
            outer.get((sku, grade), ZERO),
            own.get((sku, grade), ZERO),
            in_flight.get(sku, ZERO) if grade == GOOD else ZERO,
        )
        for sku, grade in sorted(goods)
    ]


def to_count(rows: Iterable[Compared]) -> dict[Goods, Decimal]:
    """Return what a count has to say per SKU and grade: the books plus what is to settle; others are left out."""
    return {(row.sku, row.grade): row.own + row.to_settle for row in rows if row.to_settle}
