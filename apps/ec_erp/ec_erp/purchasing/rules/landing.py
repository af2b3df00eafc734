"""What getting goods here cost beside their price (freight, duty …): each row's share, and where it belongs.

Invariant: the shares of a charge add up to it to the minor unit; what enters stock and what belongs to goods that have left
add up to the share. Worked tables: docs/algorithms/landed-cost.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ec_erp.kernel.money import round_money, split_amount
from ec_erp.kernel.numbers import ZERO, plain
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.purchasing.types import LandedCharge, LandedGoods

VALUE, QUANTITY, WEIGHT, VOLUME = "Value", "Quantity", "Weight", "Volume"
_UNITS = {VALUE: "", QUANTITY: "", WEIGHT: " g", VOLUME: " cm³"}


def measure(goods: LandedGoods, basis: str) -> Decimal:
    """Return what a row weighs in a split: net value, units, grams or cubic centimetres, of what was kept."""
    if basis == VALUE:
        return goods.value
    each = {QUANTITY: Decimal(1), WEIGHT: goods.weight_g, VOLUME: goods.volume_cm3}[basis]
    return goods.qty * each


def charge_problems(charges: Sequence[LandedCharge], goods: Sequence[LandedGoods]) -> list[Problem]:
    """Return what keeps charges from being shared out: no amount, nobody to pay, goods that have no weight or volume."""
    found = []
    for charge in charges:
        if charge.amount == 0:
            found.append(problem(N_("Row {0}: say what it cost"), charge.row))
        if not (charge.supplier or charge.account):
            found.append(problem(N_("Row {0}: say whom it is owed to, or which account has paid it"), charge.row))
        if charge.account and charge.tax:
            found.append(
                problem(N_("Row {0}: tax belongs to what is owed to a supplier, not to an account"), charge.row)
            )
    return found + _measure_problems(charges, goods)


def _measure_problems(charges: Sequence[LandedCharge], goods: Sequence[LandedGoods]) -> list[Problem]:
    """A row without its weight would bear nothing, and nobody would notice; goods that came free of charge have no value."""
    texts = {
        WEIGHT: N_("{0} has no weight: enter it, or share by something else"),
        VOLUME: N_("{0} has no volume: enter it, or share by something else"),
    }
    used = {charge.basis for charge in charges}
    found = [
        problem(text, sku)
        for basis, text in texts.items()
        if basis in used
        for sku in sorted({row.sku for row in goods if not measure(row, basis)})
    ]
    if VALUE in used and goods and not sum((row.value for row in goods), ZERO):
        found.append(problem(N_("The goods have no value: share by quantity, weight or volume")))
    return found


def allocate(charges: Sequence[LandedCharge], goods: Sequence[LandedGoods], currency: str) -> list[tuple[Decimal, ...]]:
    """Return per row of goods its share of each charge; largest remainder, earlier rows first on a tie."""
    columns = [
        split_amount(round_money(charge.amount, currency), [measure(row, charge.basis) for row in goods], currency)
        for charge in charges
    ]
    return [tuple(column[at] for column in columns) for at in range(len(goods))]


def placed(amount: Decimal, qty: Decimal, left: Sequence[Decimal], currency: str) -> tuple[list[Decimal], Decimal]:
    """Split a row's share of ``qty`` units over the places where ``left`` units still lie; return these parts and the rest.

    The rest belongs to the units that have left: sold, used, lost, sent back.
    """
    gone = max(ZERO, qty - sum(left, ZERO))
    *parts, rest = split_amount(amount, [*left, gone], currency)
    return parts, rest


def taken_back(put_in: Decimal, amount: Decimal, qty: Decimal, left: Decimal, currency: str) -> Decimal:
    """Return what of ``put_in`` (the part of a share that entered stock in a place) is still there with ``left`` units."""
    there = round_money(amount * left / qty, currency) if qty else ZERO
    return there if abs(there) < abs(put_in) else put_in


def explained(charge: LandedCharge, label: str, share: Decimal, goods: LandedGoods, whole: Decimal) -> str:
    """Return why a row bears its share of a charge: ``Freight 12.5 = 100 × 250 g ÷ 2000 g``; ``whole`` measures all rows."""
    unit = _UNITS[charge.basis]
    part = f"{plain(measure(goods, charge.basis))}{unit} ÷ {plain(whole)}{unit}"
    return f"{label} {plain(share)} = {plain(charge.amount)} × {part}"
