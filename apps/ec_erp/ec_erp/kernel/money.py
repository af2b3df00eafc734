"""Money: rounding to a currency's minor unit, and splitting an amount so that the shares add up to it.

Invariants: ``round_money`` is the only rounding of money in the product; the parts of a split add up to the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from ec_erp.kernel.numbers import ZERO

# ISO 4217 minor units; every currency that is not listed has two.
_MINOR_UNITS = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
_DEFAULT_MINOR_UNITS = 2
_UNITS = {places: Decimal(1).scaleb(-places) for places in {_DEFAULT_MINOR_UNITS, *_MINOR_UNITS.values()}}


def minor_units(currency: str) -> int:
    """Return how many decimal places the currency's smallest unit has (ISO 4217): CNY 2, JPY 0, KWD 3."""
    return _MINOR_UNITS.get(currency.upper(), _DEFAULT_MINOR_UNITS)


def minor_unit(currency: str) -> Decimal:
    """Return the currency's smallest amount: CNY ``0.01``."""
    return _UNITS[minor_units(currency)]


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Return the amount rounded half up (away from zero at the half) to the currency's minor unit."""
    return amount.quantize(minor_unit(currency), rounding=ROUND_HALF_UP)


def split_amount(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Split a rounded total over non-negative weights so that the shares add up to it exactly.

    Largest remainder: every share is cut down to the minor unit, then the units left go one each to the largest cut-off
    parts, earlier positions first on a tie. All-zero weights count as equal ones. Raises ``ValueError`` without weights
    (unless the total is zero) or for a negative weight.
    """
    if not weights:
        if total == 0:
            return []
        raise ValueError("an amount cannot be split over nothing")
    if any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative")
    if sum(weights) == 0:
        weights = [Decimal(1)] * len(weights)
    unit = minor_unit(currency)
    units_total = int((abs(total) / unit).to_integral_value(ROUND_HALF_UP))
    shares = _largest_remainder(units_total, weights)
    sign = -1 if total < 0 else 1
    return [sign * share * unit for share in shares]


def share_so_far(total: Decimal, part: Decimal, whole: Decimal, currency: str) -> Decimal:
    """Return the rounded share of ``total`` that belongs to the first ``part`` of ``whole`` units.

    Taking differences of this running share splits a line over partial deliveries without losing a cent.
    """
    if part >= whole:
        return total
    if part <= 0 or whole <= 0:
        return ZERO
    return round_money(total * part / whole, currency)


def next_share(total: Decimal, taken: Decimal, part: Decimal, whole: Decimal, currency: str) -> Decimal:
    """Return what ``part`` more units of ``whole`` get of ``total`` when ``taken`` units have had their share."""
    return share_so_far(total, taken + part, whole, currency) - share_so_far(total, taken, whole, currency)


def _largest_remainder(units: int, weights: Sequence[Decimal]) -> list[int]:
    whole = sum(weights)
    exact = [units * weight / whole for weight in weights]
    floors = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda at: (floors[at] - exact[at], at))
    for at in order[: units - sum(floors)]:
        floors[at] += 1
    return floors
