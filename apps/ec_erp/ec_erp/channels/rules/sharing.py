"""Who gets how much where several shops sell the same goods and no piece may be promised twice: pure.

Invariants: what all listings get together never needs more of a SKU than its pool has; no listing gets more than its policy
allows; the same input gives the same shares. Worked table: docs/algorithms/stock-escrow.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

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
