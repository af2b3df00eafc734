"""Pricing of document lines: amount, share of the document's discount, tax.

Invariant: the lines' shares of a discount add up to it, and each line's net + tax = what is paid for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.money import round_money, split_amount
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.kernel.quantity import is_whole
from ec_erp.kernel.tax import TaxSplit, split_price
from ec_erp.kernel.values import quickly_made


@quickly_made
@dataclass(frozen=True, slots=True)
class LineTerms:
    """What was agreed on one line: ``rate`` per stock unit, ``discount`` for the whole line, tax rate in percent."""

    row: int
    sku: str
    qty: Decimal
    rate: Decimal
    discount: Decimal = ZERO
    tax_rate: Decimal = ZERO
    whole_units: bool = False


@quickly_made
@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its money: ``amount`` before, ``price`` after its share of the document's discount."""

    amount: Decimal
    discount_share: Decimal
    price: TaxSplit


def price_lines(
    lines: Sequence[LineTerms], discount: Decimal, currency: str, *, includes_tax: bool
) -> list[PricedLine]:
    """Price the lines of one document and spread its discount over them by amount."""
    amounts = [line_amount(line, currency) for line in lines]
    shares = split_amount(discount, amounts, currency) if discount else [ZERO] * len(lines)
    return [
        PricedLine(amount, share, split_price(amount - share, line.tax_rate, currency, includes_tax=includes_tax))
        for line, amount, share in zip(lines, amounts, shares, strict=True)
    ]


def line_amount(line: LineTerms, currency: str) -> Decimal:
    """Return quantity × rate − the line's own discount, rounded."""
    return round_money(line.qty * line.rate, currency) - round_money(line.discount, currency)


def line_problems(line: LineTerms, currency: str) -> list[Problem]:
    """Return what is wrong with a line's numbers."""
    found: list[Problem] = []
    if line.qty <= 0:
        found.append(problem(N_("Row {0}: the quantity of {1} must be more than zero"), line.row, line.sku))
    elif line.whole_units and not is_whole(line.qty):
        found.append(problem(N_("Row {0}: {1} is counted in whole units, not {2}"), line.row, line.sku, line.qty))
    if line.rate < 0:
        found.append(problem(N_("Row {0}: the price of {1} must not be negative"), line.row, line.sku))
    if line.discount < 0:
        found.append(problem(N_("Row {0}: the discount of {1} must not be negative"), line.row, line.sku))
    elif line.discount > 0 and line_amount(line, currency) < 0:
        found.append(problem(N_("Row {0}: the discount of {1} is more than its amount"), line.row, line.sku))
    if not 0 <= line.tax_rate <= 100:
        found.append(problem(N_("Row {0}: the tax rate of {1} must be between 0 and 100"), line.row, line.sku))
    return found
