"""The money of an order: totals of its head.

Invariant: grand total = what is paid for the lines + shipping fee + charges, tax included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.pricing import PricedLine
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.kernel.tax import TaxSplit


@dataclass(frozen=True, slots=True)
class OrderTotals:
    """What the head of an order shows."""

    goods: Decimal
    charges: Decimal
    tax: Decimal
    grand: Decimal
    net: Decimal


def order_totals(lines: Sequence[PricedLine], shipping: TaxSplit, charges: Sequence[TaxSplit]) -> OrderTotals:
    """Add up an order. ``goods`` is before the order's discount; ``charges`` leaves the shipping fee out."""
    prices = [*(line.price for line in lines), shipping, *charges]
    return OrderTotals(
        goods=sum((line.amount for line in lines), ZERO),
        charges=sum((charge.gross for charge in charges), ZERO),
        tax=sum((price.tax for price in prices), ZERO),
        grand=sum((price.gross for price in prices), ZERO),
        net=sum((price.net for price in prices), ZERO),
    )


def presale_problems(
    release: str, day: object, deposit: Decimal, total: Decimal, *, needs_deposit: bool = False
) -> list[Problem]:
    """Return what is wrong with a presale: a release on a day that nobody has said, a deposit of more than the order or of nothing."""
    found: list[Problem] = []
    if release == "On Date" and not day:
        found.append(problem(N_("Say on which date the presale is released")))
    if deposit > total:
        found.append(problem(N_("The deposit {0} is more than the order comes to, {1}"), deposit, total))
    if needs_deposit and deposit <= 0 < total:
        found.append(
            problem(N_("Say how much the deposit is, or give the shop or the order settings a percentage for it"))
        )
    return found


def order_problems(lines: int, charges: int, goods: Decimal, discount: Decimal, shipping: Decimal) -> list[Problem]:
    """Return what is wrong with an order as a whole."""
    found: list[Problem] = []
    if discount < 0 or shipping < 0:
        found.append(problem(N_("Order discount and shipping fee must not be negative")))
    if discount > goods:
        found.append(problem(N_("The order discount {0} is more than the goods, {1}"), discount, goods))
    if not lines and not charges:
        found.append(problem(N_("Add at least one item or charge")))
    return found
