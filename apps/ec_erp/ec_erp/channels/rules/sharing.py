"""Who gets how much where several shops sell the same goods and no piece may be promised twice, and where it is kept: pure.

Invariants: what all listings get together never needs more of a SKU than its pool has; no listing gets more than its policy
allows; nothing is taken from a place that is not there; the same input gives the same shares. Worked tables:
docs/algorithms/stock-escrow.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class Claim:
    """A listing that wants goods: units of each SKU per item, its weight (what it sells), and the most its policy allows.

    What would be less than ``least`` is nothing.
    """

    listing: str
    needs: Mapping[str, Decimal]
    weight: Decimal
    most: Decimal
    least: Decimal = ZERO


def divide(pools: Mapping[str, Decimal], claims: Sequence[Claim]) -> dict[str, Decimal]:
    """Return whole items per listing: by weight first, what is left over to those who sell most."""
    ranked = sorted(claims, key=lambda claim: (-claim.weight, claim.listing))
    rivals: dict[str, Decimal] = {}
    for claim in ranked:
        for sku in claim.needs:
            rivals[sku] = rivals.get(sku, ZERO) + claim.weight
    left = {sku: max(ZERO, pool) for sku, pool in pools.items()}
    fair = {claim.listing: _share(pools, rivals, claim) for claim in ranked}
    for claim in ranked:
        _take(left, claim, fair[claim.listing])
    for claim in ranked:
        more = max(ZERO, min(_room(left, claim), claim.most - fair[claim.listing]))
        _take(left, claim, more)
        fair[claim.listing] += more
    return {claim.listing: fair[claim.listing] if fair[claim.listing] >= claim.least else ZERO for claim in ranked}


def _share(pools: Mapping[str, Decimal], rivals: Mapping[str, Decimal], claim: Claim) -> Decimal:
    shares = [
        max(ZERO, pools.get(sku, ZERO)) * claim.weight / rivals[sku] / units if rivals[sku] else ZERO
        for sku, units in claim.needs.items()
    ]
    fair = min(shares, default=ZERO).to_integral_value(ROUND_FLOOR)
    return max(ZERO, min(fair, claim.most))


def _take(left: dict[str, Decimal], claim: Claim, items: Decimal) -> None:
    for sku, units in claim.needs.items():
        left[sku] = left.get(sku, ZERO) - units * items


def _room(left: Mapping[str, Decimal], claim: Claim) -> Decimal:
    fits = (left.get(sku, ZERO) / units for sku, units in claim.needs.items())
    return max(ZERO, min(fits, default=ZERO).to_integral_value(ROUND_FLOOR))


def whole_items(free: Mapping[StockKey, Decimal], needs: Mapping[str, Decimal], place: str) -> Decimal:
    """Return how many items, each of so many units of SKUs, a place has together."""
    sets = (free.get(StockKey(sku, place), ZERO) / units for sku, units in needs.items())
    return max(ZERO, min(sets, default=ZERO).to_integral_value(ROUND_FLOOR))


def spread_items(
    free: Mapping[StockKey, Decimal], needs: Mapping[str, Decimal], places: Sequence[str], items: Decimal
) -> dict[StockKey, Decimal]:
    """Return which units to take for items: where most of them fit first, each item from one place."""
    taken: dict[StockKey, Decimal] = {}
    fitting = {place: whole_items(free, needs, place) for place in places}
    for place, room in sorted(fitting.items(), key=lambda one: (-one[1], one[0])):
        here = min(items, room)
        items -= here
        if here:
            taken |= {StockKey(sku, place): here * units for sku, units in needs.items()}
    return taken


def spread_units(there: Mapping[StockKey, Decimal], units: Decimal) -> dict[StockKey, Decimal]:
    """Return what to take of units from keys: where most is there first, and no more than that."""
    taken: dict[StockKey, Decimal] = {}
    for key, qty in sorted(there.items(), key=lambda one: (-one[1], one[0])):
        here = min(units, max(ZERO, qty))
        units -= here
        if here:
            taken[key] = here
    return taken
