"""Combos: goods sold together under one code, with no stock of their own, and what each part of the price is.

Invariant: the components' amounts add up to the combo's amount to the minor unit, and none is negative.
Worked table: docs/algorithms/combo.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.catalog.types import SkuFacts
from ec_erp.kernel.money import next_share, round_money
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a combo: how many of which SKU, and what of the amount it is worth.

    ``share`` is in percent (zero where none is said), ``fixed_rate`` an amount per unit (zero: none).
    """

    sku: str
    qty: Decimal
    share: Decimal = ZERO
    fixed_rate: Decimal = ZERO


def weights(components: Sequence[Component], rates: Mapping[str, Decimal]) -> list[Decimal]:
    """Return what amounts are split by: the shares that were said, else value at standard rates, else quantities."""
    shares = [component.share for component in components]
    if any(shares):
        return shares
    values = [component.qty * rates.get(component.sku.casefold(), ZERO) for component in components]
    return values if any(values) else [component.qty for component in components]


def split(amount: Decimal, by: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Split a rounded amount over components in order; the last one that counts takes what is left."""
    total, seen, parts = sum(by, ZERO), ZERO, []
    for weight in by:
        parts.append(next_share(amount, seen, weight, total, currency) if weight else ZERO)
        seen += weight
    return parts


def amounts(
    amount: Decimal, combos: Decimal, components: Sequence[Component], rates: Mapping[str, Decimal], currency: str
) -> list[Decimal]:
    """Split what a number of combos comes to over their components.

    Fixed prices come first, the rest is split by ``weights``. Where they are all fixed, or come to more than there is, the amount
    is split in their proportion.
    """
    fixed = [round_money(one.fixed_rate * one.qty * combos, currency) for one in components]
    free = [one for one in components if not one.fixed_rate]
    rest = amount - sum(fixed, ZERO)
    if not any(fixed):
        return split(amount, weights(components, rates), currency)
    if not free or rest < 0:
        return split(amount, fixed, currency)
    others = iter(split(rest, weights(free, rates), currency))
    return [next(others) if not one.fixed_rate else own for one, own in zip(components, fixed, strict=True)]


def combo_problems(code: str, components: Sequence[Component], skus: Mapping[str, SkuFacts]) -> list[Problem]:
    """Return what is wrong with a combo's components; ``skus`` are theirs by case-folded code."""
    if not components:
        return [problem(N_("A combo needs components"))]
    found = []
    for component in components:
        facts = skus.get(component.sku.casefold())
        if component.sku.casefold() == code.casefold() or (facts and facts.is_combo):
            found.append(problem(N_("A combo can't be part of a combo: {0}"), component.sku))
        found += _number_problems(component)
    return [*found, *_sum_problems(components)]


def _number_problems(component: Component) -> list[Problem]:
    found = []
    if component.qty <= 0 or component.share < 0:
        found.append(problem(N_("{0} needs a quantity above zero and no negative share"), component.sku))
    if component.fixed_rate < 0 or (component.fixed_rate and component.share):
        found.append(problem(N_("{0} has either a share or a fixed price, and none is negative"), component.sku))
    return found


def _sum_problems(components: Sequence[Component]) -> list[Problem]:
    names = [component.sku.casefold() for component in components]
    found = [
        problem(N_("{0} is listed twice"), name) for name in sorted({name for name in names if names.count(name) > 1})
    ]
    shares = sum((component.share for component in components), ZERO)
    if shares and shares != 100:
        found.append(problem(N_("Shares add up to {0} %, not to 100 %"), shares))
    return found
