"""What a parcel should weigh, whether it does, and how goods are spread over parcels.

Invariant: the parcels of a delivery hold exactly its goods.
Worked tables: docs/algorithms/parcel-weight.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from ec_erp.fulfilment.types import PackLine
from ec_erp.kernel.numbers import ZERO

_HUNDRED = Decimal(100)
_PERCENT = Decimal("0.01")


def expected_weight_g(lines: Iterable[PackLine], packing_g: Decimal) -> Decimal:
    """Return what a parcel with these lines should weigh; zero where the weight of something is unknown."""
    known = list(lines)
    if any(line.weight_g <= 0 for line in known):
        return ZERO
    return sum((line.qty * line.weight_g for line in known), packing_g)


def is_within(expected_g: Decimal, weight_g: Decimal, percent: Decimal, grams: Decimal) -> bool:
    """Tell whether a parcel weighs what it should, within the larger tolerance; what is not known can't be wrong."""
    if expected_g <= 0:
        return True
    return abs(weight_g - expected_g) <= max(expected_g * percent / _HUNDRED, grams)


def deviation_percent(expected_g: Decimal, weight_g: Decimal) -> Decimal:
    """Return how far a parcel's weight lies above (below: negative) the expected one, in percent."""
    if expected_g <= 0:
        return ZERO
    return ((weight_g - expected_g) * _HUNDRED / expected_g).quantize(_PERCENT, ROUND_HALF_UP)


def split_parcels(lines: Sequence[PackLine], packing_g: Decimal, most_g: Decimal) -> list[list[PackLine]]:
    """Spread lines over parcels of at most ``most_g`` (0: no limit), whole units, in their order.

    A unit that is too heavy by itself has a parcel of its own.
    """
    if most_g <= 0:
        return [list(lines)]
    parcels: list[list[PackLine]] = [[]]
    room = most_g - packing_g
    for line in lines:
        left = line.qty
        while left > 0:
            fit = left if line.weight_g <= 0 else min(left, (room / line.weight_g).to_integral_value(ROUND_FLOOR))
            if fit <= 0 and parcels[-1]:
                parcels.append([])
                room = most_g - packing_g
                continue
            taken = fit if fit > 0 else min(left, Decimal(1))
            parcels[-1].append(replace(line, qty=taken))
            room -= taken * line.weight_g
            left -= taken
    return parcels


def wanted_parcels(
    lines: Sequence[PackLine], wanted: Sequence[Sequence[tuple[str, Decimal]]]
) -> tuple[list[list[PackLine]], dict[str, Decimal]]:
    """Put lines into parcels as somebody says: (line, quantity) pairs each; return them and what does not add up by line."""
    by_line = {line.line: line for line in lines}
    off = {line.line: -line.qty for line in lines}
    parcels = []
    for pairs in wanted:
        for line, qty in pairs:
            off[line] = off.get(line, ZERO) + qty
        parcels.append([replace(by_line[line], qty=qty) for line, qty in pairs if line in by_line])
    return parcels, {line: qty for line, qty in off.items() if qty}
