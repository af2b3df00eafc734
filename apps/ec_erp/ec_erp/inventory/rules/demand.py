"""Sales per day of a SKU in a warehouse, and the days on which there was anything to sell.

Invariant: a day counts as in stock when something lay there before or after its movements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class DailySales:
    """Units sold per day, the latest day first, and whether something lay there on each of these days."""

    sold: tuple[Decimal, ...]
    in_stock: tuple[bool, ...]

    @property
    def total(self) -> Decimal:
        """Units sold on all of the days."""
        return sum(self.sold, ZERO)

    @property
    def days_in_stock(self) -> int:
        """On how many days something lay there."""
        return sum(self.in_stock)


def daily_sales(
    sold: Mapping[date, Decimal], changes: Mapping[date, Decimal], on_hand: Decimal, days: Sequence[date]
) -> DailySales:
    """Return sales per day (``days``: the latest first) and stock, from what lies there now and what has moved since."""
    later = sum((qty for day, qty in changes.items() if not days or day > days[0]), ZERO)
    closing = on_hand - later
    in_stock = []
    for day in days:
        opening = closing - changes.get(day, ZERO)
        in_stock.append(opening > 0 or closing > 0)
        closing = opening
    return DailySales(tuple(sold.get(day, ZERO) for day in days), tuple(in_stock))
