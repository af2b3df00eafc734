"""What a supplier asks for a quantity on a day, and how far a price lies above the last one.

Invariant: prices here are before tax; the rate of a document is derived from them by the one rule of the kernel.
Worked tables: docs/algorithms/supplier-price.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from ec_erp.kernel.numbers import ZERO, plain
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.purchasing.types import LearnedPrices, PriceTier, SupplierTerms

LIST_PRICE, TIER_PRICE = "List Price", "Tier Price"
_HUNDRED = Decimal(100)
_PERCENT = Decimal("0.01")
_RATE = Decimal("0.000001")


def price_for(terms: SupplierTerms, qty: Decimal, day: date) -> tuple[Decimal | None, str]:
    """Return the price before tax for a quantity on a day and its origin; None where the supplier's price is unknown.

    Of the tiers that are valid and reached, the one with the highest quantity counts, the latest start on a tie.
    """
    reached = [tier for tier in terms.tiers if tier.min_qty <= qty and _is_valid(tier, day)]
    if reached:
        best = max(reached, key=lambda tier: (tier.min_qty, tier.valid_from or date.min))
        return best.price, TIER_PRICE
    return (terms.price, LIST_PRICE) if terms.price else (None, "")


def stated_rate(price: Decimal, tax_percent: Decimal, *, includes_tax: bool) -> Decimal:
    """Return the rate that a document states for a price before tax, to six places."""
    rate = price * (_HUNDRED + tax_percent) / _HUNDRED if includes_tax else price
    return rate.quantize(_RATE, ROUND_HALF_UP).normalize() + ZERO


def price_before_tax(rate: Decimal, tax_percent: Decimal, *, includes_tax: bool) -> Decimal:
    """Return the price before tax of a stated rate, to six places."""
    price = rate * _HUNDRED / (_HUNDRED + tax_percent) if includes_tax else rate
    return price.quantize(_RATE, ROUND_HALF_UP)


def deviation_percent(price: Decimal, reference: Decimal | None) -> Decimal:
    """Return how far a price lies above (or, negative, below) the reference, in percent to two places; 0 without one."""
    if not reference:
        return ZERO
    return ((price - reference) * _HUNDRED / reference).quantize(_PERCENT, ROUND_HALF_UP)


def lowest(known: Decimal | None, price: Decimal) -> Decimal:
    """Return the lower one of what was the lowest price and a new price."""
    return min(known, price) if known else price


def learned_from(prices: Sequence[tuple[date, Decimal]]) -> LearnedPrices:
    """Return what a SKU's prices at a supplier teach, given with their days, oldest first; zeros where there are none."""
    if not prices:
        return LearnedPrices(ZERO, None, ZERO, None)
    day, last = prices[-1]
    before = prices[-2][1] if len(prices) > 1 else None
    return LearnedPrices(last, before, min(price for _, price in prices), day)


def tier_problems(tiers: Sequence[PriceTier]) -> list[Problem]:
    """Return what is wrong with tiers: prices that end before they begin, and two for the same quantity and first day."""
    ends = N_("Row {0}: the price ends before it begins")
    found = [
        problem(ends, row)
        for row, tier in enumerate(tiers, 1)
        if tier.valid_from and tier.valid_to and tier.valid_to < tier.valid_from
    ]
    twice = N_("Row {0}: another row has a price from the same quantity and day on")
    seen: set[tuple[Decimal, date | None]] = set()
    for row, tier in enumerate(tiers, 1):
        if (tier.min_qty, tier.valid_from) in seen:
            found.append(problem(twice, row))
        seen.add((tier.min_qty, tier.valid_from))
    return found


def quantity_warnings(row: int, qty: Decimal, known: SupplierTerms) -> list[Problem]:
    """Return what a supplier will say to a quantity: less than its minimum, or no multiple of its pack."""
    found = []
    if known.moq and qty < known.moq:
        found.append(
            problem(N_("Row {0}: {1} sells {2} from {3} on"), row, known.supplier, known.sku, plain(known.moq))
        )
    if known.pack and qty % known.pack:
        message = N_("Row {0}: {1} sells {2} in multiples of {3}")
        found.append(problem(message, row, known.supplier, known.sku, plain(known.pack)))
    return found


def _is_valid(tier: PriceTier, day: date) -> bool:
    return (tier.valid_from is None or tier.valid_from <= day) and (tier.valid_to is None or day <= tier.valid_to)


def price_warning(
    row: int, sku: str, deviation: Decimal, most_percent: Decimal, known: SupplierTerms
) -> Problem | None:
    """Return a warning for a price that lies further above the last one than ``most_percent``; None for others."""
    if deviation <= most_percent:
        return None
    last, lowest = known.last_price or known.price, known.lowest_price or known.last_price or known.price
    message = N_("Row {0}: {1} is {2} % above the last price of {3}; the lowest so far is {4}")
    return problem(message, row, sku, deviation, last, lowest)
