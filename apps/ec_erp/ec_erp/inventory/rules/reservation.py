"""Who gets what when order lines ask for stock to be put aside.

Invariants: no key is promised beyond what is available; an order that must be whole is served whole or not at all.
Worked tables: docs/algorithms/reservation.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from ec_erp.inventory.types import Allocation, Balance, ReservationRequest, Shortage, StockKey
from ec_erp.kernel.numbers import ZERO


def allocate(
    balances: Mapping[StockKey, Balance], requests: Sequence[ReservationRequest]
) -> tuple[list[Allocation], list[Shortage]]:
    """Serve requests in order, group by group; return allocations and the shortages of groups that must be whole.

    Requests of one group stand next to each other. A key that is not in ``balances`` has nothing.
    """
    free = {key: max(ZERO, balance.available) for key, balance in balances.items()}
    allocations: list[Allocation] = []
    shortages: list[Shortage] = []
    for _, group in groupby(requests, key=lambda request: request.group):
        lines = list(group)
        missing = [] if lines[0].partial else _missing(free, lines)
        shortages.extend(missing)
        if not missing:
            allocations.extend(_take(free, line) for line in lines)
    return allocations, shortages


def _missing(free: Mapping[StockKey, Decimal], lines: Sequence[ReservationRequest]) -> list[Shortage]:
    needed: dict[StockKey, Decimal] = {}
    for line in lines:
        needed[line.key] = needed.get(line.key, ZERO) + line.qty
    return [Shortage(key, qty, free.get(key, ZERO)) for key, qty in sorted(needed.items()) if qty > free.get(key, ZERO)]


def _take(free: dict[StockKey, Decimal], line: ReservationRequest) -> Allocation:
    qty = min(line.qty, free.get(line.key, ZERO))
    free[line.key] = free.get(line.key, ZERO) - qty
    return Allocation(line, qty)
