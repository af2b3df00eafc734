"""From which bins goods are picked, and in which order a picker walks.

Invariants: what is picked for a row adds up to what it wants (missing parts included); no bin gives more than lies there free;
a way never goes back in the order of the route.
Worked table: docs/algorithms/pick-route.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from ec_erp.fulfilment.types import Pick, TaskLine, WantedGoods
from ec_erp.inventory.types import GOOD, Place, PlaceKey
from ec_erp.kernel.numbers import ZERO, plain


def choose_bins(
    wanted: Sequence[WantedGoods], places: Mapping[str, Sequence[Place]], day: date, *, has_bins: bool
) -> list[Pick]:
    """Return what to take where for each row: what expires first, then pick zones before reserve, then by route.

    ``places`` are those of the warehouse by SKU. A bin that holds enough for a row is taken before several that don't, where
    nothing expires. What lies nowhere free is returned as missing.
    """
    if not has_bins:
        return [Pick(goods, goods.qty) for goods in wanted]
    free = {place.at: _free(place, day) for group in places.values() for place in group}
    picks: list[Pick] = []
    for goods in wanted:
        left = goods.qty
        for place in _sequence(places.get(goods.sku, ()), free, goods.qty):
            used = min(left, free[place.at])
            if used > 0:
                picks.append(Pick(goods, used, place.at.bin, place.at.batch, place.rank))
                free[place.at] -= used
                left -= used
        if left > 0:
            picks.append(Pick(goods, left, missing=True))
    return picks


def route(picks: Iterable[Pick]) -> list[TaskLine]:
    """Return the stops of a way: picks of the same bin, SKU and batch together, in the order of the route."""
    groups: dict[tuple[bool, tuple[int, int, int, str], str, str], list[Pick]] = {}
    for pick in picks:
        groups.setdefault((pick.missing, pick.rank, pick.wanted.sku, pick.batch), []).append(pick)
    lines = []
    for (_, _, sku, batch), group in sorted(groups.items()):
        baskets: dict[int, Decimal] = {}
        for pick in group:
            baskets[pick.wanted.basket] = baskets.get(pick.wanted.basket, ZERO) + pick.qty
        qty = sum(baskets.values(), ZERO)
        lines.append(TaskLine(group[0].bin, sku, batch, qty, tuple(sorted(baskets.items()))))
    return lines


def told(baskets: Iterable[tuple[int, Decimal]]) -> str:
    """Return what a stop says of its baskets: number and quantity of each."""
    return ", ".join(f"{basket} × {plain(qty)}" for basket, qty in baskets)


def next_baskets(told_baskets: str, before: Decimal, qty: Decimal) -> str:
    """Return what ``told`` says of the baskets that the next ``qty`` units go into, ``before`` having gone into them already.

    Baskets are filled in their order; empty where the stop names none.
    """
    pairs = [part.split(" × ") for part in told_baskets.split(", ") if " × " in part]
    start, end, into = ZERO, before + qty, []
    for basket, wanted in pairs:
        share = min(end, start + Decimal(wanted)) - max(before, start)
        start += Decimal(wanted)
        if share > 0 and int(basket):
            into.append((int(basket), share))
    return told(into)


def _sequence(places: Iterable[Place], free: Mapping[PlaceKey, Decimal], qty: Decimal) -> list[Place]:
    def order(place: Place) -> tuple[date, bool, tuple[int, int, int, str], str]:
        return (place.expires or date.max, free[place.at] < qty, place.rank, place.at.batch)

    return sorted((place for place in places if free[place.at] > 0), key=order)


def _free(place: Place, day: date) -> Decimal:
    """Return what may be promised of a place; nothing of defective goods, closed bins and batches too old to sell."""
    if place.at.grade != GOOD or not place.sellable or (place.sell_until and day > place.sell_until):
        return ZERO
    return max(ZERO, place.on_hand - place.frozen - place.allocated)
