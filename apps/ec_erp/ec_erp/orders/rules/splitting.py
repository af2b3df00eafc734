"""How an order is split: which lines and quantities go into which part, and what each part is worth: pure.

Invariants: every unit of every line is in exactly one part; every amount of a line is shared so that the parts add up to
it to the cent. Worked tables: docs/algorithms/order-split.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ec_erp.kernel.money import split_amount
from ec_erp.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class SplitLine:
    """A line to be split: ``weight_g`` and ``paid`` (what the buyer pays) per unit."""

    line: str
    qty: Decimal
    weight_g: Decimal = ZERO
    whole_units: bool = True
    presale: bool = False
    paid: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Share:
    """A quantity of a line in a part."""

    line: str
    qty: Decimal


Part = tuple[Share, ...]


def apart(lines: Sequence[SplitLine], chosen: Sequence[str]) -> list[Part]:
    """Return the parts when the chosen lines go apart: the rest first; one part where that splits nothing."""
    rest = tuple(Share(line.line, line.qty) for line in lines if line.line not in chosen)
    other = tuple(Share(line.line, line.qty) for line in lines if line.line in chosen)
    return [part for part in (rest, other) if part]


def by_group(lines: Sequence[SplitLine], group_of: Mapping[str, str]) -> list[Part]:
    """Return a part per group, given by line; lines of no group go together, in the order in which groups come up."""
    parts: dict[str, list[Share]] = {}
    for line in lines:
        parts.setdefault(group_of.get(line.line, ""), []).append(Share(line.line, line.qty))
    return [tuple(shares) for shares in parts.values()]


WEIGHT, UNITS, AMOUNT = "weight", "units", "amount"
_SIZES: Mapping[str, Callable[[SplitLine], Decimal]] = {
    WEIGHT: lambda line: line.weight_g,
    UNITS: lambda _: Decimal(1),
    AMOUNT: lambda line: line.paid,
}


def by_limit(lines: Sequence[SplitLine], limit: Decimal, counts: str) -> list[Part]:
    """Return parts none of which is over the limit, filled in the order of the lines; ``counts`` grams, units or what is paid.

    A single unit that is over the limit by itself makes a part of its own. Lines not counted in whole units are not cut.
    """
    parts: list[list[Share]] = [[]]
    room = limit
    for line in lines:
        size = _SIZES[counts](line)
        left = line.qty
        while left > 0:
            fits = _fitting(line, left, size, room)
            if fits <= 0 and parts[-1]:
                parts.append([])
                room = limit
                continue
            taken = fits if fits > 0 else min(left, Decimal(1) if line.whole_units else left)
            parts[-1].append(Share(line.line, taken))
            room -= taken * size
            left -= taken
    return [tuple(part) for part in parts if part]


def _fitting(line: SplitLine, left: Decimal, size: Decimal, room: Decimal) -> Decimal:
    if size <= 0 or left * size <= room:
        return left
    if not line.whole_units:
        return ZERO
    return min(left, (room // size) if room > 0 else ZERO)


def by_source(
    lines: Sequence[SplitLine], source_of: Mapping[str, Sequence[tuple[str, Decimal]]]
) -> list[tuple[str, Part]]:
    """Return a part per warehouse: ``source_of`` gives for each line the warehouses and quantities it comes from."""
    parts: dict[str, list[Share]] = {}
    for line in lines:
        for warehouse, qty in source_of.get(line.line, ()):
            parts.setdefault(warehouse, []).append(Share(line.line, qty))
    return [(warehouse, tuple(shares)) for warehouse, shares in parts.items()]


def shares_of(amount: Decimal, quantities: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Share an amount of a line over the quantities of its parts, to the minor unit; negative ones too."""
    return split_amount(amount, list(quantities), currency)


@dataclass(frozen=True, slots=True)
class LineMoney:
    """The amounts of a line: its own discount, amount, share of the order's discount, tax, paid."""

    discount: Decimal
    amount: Decimal
    discount_share: Decimal
    tax: Decimal
    paid: Decimal

    @property
    def net(self) -> Decimal:
        """Paid without tax."""
        return self.paid - self.tax


def split_money(money: LineMoney, quantities: Sequence[Decimal], currency: str) -> list[LineMoney]:
    """Return the amounts of each part of a line; they add up to the line's, each column to the cent.

    Paid = amount − share (+ tax where prices leave it out) holds for every part as it does for the line.
    """
    beside = money.paid - (money.amount - money.discount_share)  # the tax where prices leave it out, else zero
    tax = shares_of(money.tax, quantities, currency)
    first = [
        LineMoney(discount, amount, share, part_tax, amount - share)
        for discount, amount, share, part_tax in zip(
            shares_of(money.discount, quantities, currency),
            shares_of(money.amount, quantities, currency),
            shares_of(money.discount_share, quantities, currency),
            tax,
            strict=True,
        )
    ]
    return [replace(part, paid=part.paid + (part.tax if beside else ZERO)) for part in first]
