"""Units: goods bought, sold or counted in boxes are converted to the stock unit exactly.

Invariant: documents keep quantities and prices per stock unit; what was entered in another unit comes out as entered, and the
amount is the same in both. Worked tables: docs/algorithms/units.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.kernel.quantity import PLACES, is_whole

_STEP = Decimal(1).scaleb(-PLACES)


@dataclass(frozen=True, slots=True)
class UnitTerms:
    """A unit of a SKU: how many stock units one of it is, and whether purchases or sales begin with it."""

    uom: str
    ratio: Decimal
    for_purchase: bool = False
    for_sale: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """What a row says: quantity and price in its unit, and per stock unit; None where nothing is said."""

    uom: str
    uom_qty: Decimal | None
    uom_rate: Decimal | None
    qty: Decimal | None
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Converted:
    """A row in both units; ``uom`` is empty where the quantity is no exact number of the unit."""

    uom: str
    uom_qty: Decimal | None
    qty: Decimal | None
    rate: Decimal | None


def convert(row: Entered, ratio: Decimal, before: Entered | None = None) -> Converted:
    """Return a row in both units.

    What was entered or changed in the row's unit leads; a row that was saved before and whose quantity in its unit is as it
    was follows its quantity in stock units, and so does its price.
    """
    rate = row.rate
    if row.uom_rate and not (before and _same(before.uom, row.uom) and before.uom_rate == row.uom_rate):
        rate = stock_rate(row.uom_rate, ratio)
    if row.uom_qty and not (before and _same(before.uom, row.uom) and before.uom_qty == row.uom_qty):
        return Converted(row.uom, row.uom_qty, row.uom_qty * ratio, rate)
    if not row.qty:
        return Converted(row.uom, None, row.qty, rate)
    units = row.qty / ratio
    if units != units.quantize(_STEP) or units * ratio != row.qty:
        return Converted("", None, row.qty, rate)
    return Converted(row.uom, units.normalize() + ZERO, row.qty, rate)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def stock_rate(uom_rate: Decimal, ratio: Decimal) -> Decimal:
    """Return the price of a stock unit, to nine places: what is kept of it gives the amount of the unit's price back."""
    return (uom_rate / ratio).quantize(_STEP, ROUND_HALF_UP).normalize() + ZERO


def unit_rate(rate: Decimal, ratio: Decimal) -> Decimal:
    """Return the price of a unit as people read it, to six places."""
    return (rate * ratio).quantize(Decimal("0.000001"), ROUND_HALF_UP).normalize() + ZERO


def unit_problems(stock_uom: str, units: Sequence[UnitTerms], *, whole_units: bool) -> list[Problem]:
    """Return what is wrong with the units of a SKU that is kept in ``stock_uom``."""
    found: list[Problem] = []
    names = [unit.uom.casefold() for unit in units]
    for unit in units:
        if unit.ratio <= 0:
            found.append(problem(N_("Say how many {0} one {1} is"), stock_uom, unit.uom))
        elif whole_units and not is_whole(unit.ratio):
            found.append(
                problem(N_("{0} is counted in whole units: one {1} can't be {2}"), stock_uom, unit.uom, unit.ratio)
            )
        if unit.uom.casefold() == stock_uom.casefold() and unit.ratio != 1:
            found.append(problem(N_("{0} is the stock unit: one of it is one"), unit.uom))
    found += [
        problem(N_("{0} is listed twice"), name) for name in sorted({one for one in names if names.count(one) > 1})
    ]
    for flags in ([unit.for_purchase for unit in units], [unit.for_sale for unit in units]):
        if sum(flags) > 1:
            found.append(problem(N_("Only one unit can be the first choice for purchases, and one for sales")))
    return found
