"""What to watch in stock: bounds, who will be short, age, turnover, what does not sell, what was not there to be sold.

Invariants: the buckets of an age add up to what is on hand and what it is worth; what is short adds up to what is missing.
Worked tables: docs/algorithms/stock-watch.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from ec_erp.inventory.rules.demand import DailySales
from ec_erp.kernel.money import next_share
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_

FIXED, FROM_SALES = "Fixed", "From Sales"
AVERAGE, WEIGHTED, GROWTH = "Average", "Weighted Average", "Growth"
BELOW, ABOVE, WITHIN = N_("Below"), N_("Above"), N_("Within")
DEAD, SLOW, MOVING = N_("Dead"), N_("Slow"), "Moving"
# The last day of each bucket of age; what is older is in one more.
AGE_BOUNDS = (30, 60, 90, 180, 365)
_PLACES = Decimal("0.0001")
_LEAST_GROWTH, _MOST_GROWTH = Decimal("0.5"), Decimal(2)


@dataclass(frozen=True, slots=True)
class AlertTerms:
    """Between which bounds stock should stay: fixed quantities, or so many days of sales. None means everywhere.

    ``categories`` are the category that was named and those below it.
    """

    name: str
    method: str
    lower_qty: Decimal = ZERO
    upper_qty: Decimal = ZERO
    basis: str = AVERAGE
    window_days: int = 30
    lower_days: Decimal = ZERO
    upper_days: Decimal = ZERO
    company: str | None = None
    warehouse: str | None = None
    sku: str | None = None
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that should be available (most 0: does not matter), from which sales per day."""

    lower: Decimal
    upper: Decimal
    per_day: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Hold:
    """What a document's line has put aside; ``soft`` for an order that is not paid yet."""

    voucher_type: str
    voucher_no: str
    qty: Decimal
    priority: int
    since: datetime
    soft: bool = False


def terms_for(
    rules: Sequence[AlertTerms], *, sku: str, category: str, warehouse: str, company: str
) -> AlertTerms | None:
    """Return the most exact rule: of the SKU, then of its category, then of the warehouse, then of the company."""
    fitting = [
        rule
        for rule in rules
        if rule.sku in (None, sku)
        and (not rule.categories or category in rule.categories)
        and rule.warehouse in (None, warehouse)
        and rule.company in (None, company)
    ]
    return max(fitting, key=_exactness, default=None)


def _exactness(rule: AlertTerms) -> tuple[bool, int, bool, bool, str]:
    # A category with fewer below it is the more exact one.
    narrow = -len(rule.categories) if rule.categories else -1_000_000
    return (rule.sku is not None, narrow, rule.warehouse is not None, rule.company is not None, rule.name)


def bounds(rule: AlertTerms, sales: DailySales) -> Bounds:
    """Return the bounds that a rule sets for goods with these sales, in whole units."""
    if rule.method == FIXED:
        return Bounds(rule.lower_qty, rule.upper_qty)
    per_day = sales_rate(sales.sold[: rule.window_days], rule.basis)
    return Bounds(_whole(per_day * rule.lower_days), _whole(per_day * rule.upper_days), per_day)


def sales_rate(sold: Sequence[Decimal], basis: str) -> Decimal:
    """Return sales per day of days (the latest first): their mean, their mean weighted to the latest, or with its growth.

    Growth multiplies the mean by later half ÷ earlier half, at least a half and at most doubled.
    """
    if not sold:
        return ZERO
    mean = sum(sold, ZERO) / len(sold)
    if basis == WEIGHTED:
        weights = range(len(sold), 0, -1)
        mean = sum((qty * weight for qty, weight in zip(sold, weights, strict=True)), ZERO) / sum(weights)
    elif basis == GROWTH:
        half = len(sold) // 2
        later, earlier = sum(sold[:half], ZERO), sum(sold[len(sold) - half :], ZERO)
        factor = later / earlier if earlier > 0 else Decimal(1)
        mean *= min(max(factor, _LEAST_GROWTH), _MOST_GROWTH)
    return max(ZERO, mean).quantize(_PLACES, ROUND_HALF_UP)


def alert(available: Decimal, found: Bounds) -> str:
    """Return on which side of its bounds stock is."""
    if available < found.lower:
        return BELOW
    return ABOVE if found.upper > 0 and available > found.upper else WITHIN


def who_is_short(there: Decimal, holds: Sequence[Hold]) -> list[tuple[Hold, Decimal]]:
    """Return the holds that what is there will not reach, in the order in which they will be short, with what is missing.

    Paid before unpaid, then higher priority, then who came first: the last one in that order is short first.
    """
    short: list[tuple[Hold, Decimal]] = []
    left = max(ZERO, there)
    for hold in sorted(holds, key=lambda hold: (hold.soft, -hold.priority, hold.since, hold.voucher_no)):
        served = min(left, hold.qty)
        left -= served
        if served < hold.qty:
            short.append((hold, hold.qty - served))
    return short[::-1]


def spread_age(on_hand: Decimal, received: Sequence[Decimal]) -> list[Decimal]:
    """Spread what is on hand over receipts by age (the youngest bucket first): first in has gone out first.

    What no known receipt explains is as old as can be.
    """
    ages, left = [], max(ZERO, on_hand)
    for qty in received:
        part = min(left, max(ZERO, qty))
        ages.append(part)
        left -= part
    ages[-1] += left
    return ages


def share_value(value: Decimal, ages: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Share a value by quantities, exact to the smallest unit of money."""
    whole, taken, shares = sum(ages, ZERO), ZERO, []
    for qty in ages:
        shares.append(next_share(value, taken, qty, whole, currency) if whole else ZERO)
        taken += qty
    return shares


def age_bucket(age_days: int) -> int:
    """Return in which bucket an age is."""
    return sum(age_days > bound for bound in AGE_BOUNDS)


def turnover_days(average_value: Decimal, cost_of_sales: Decimal, days: int) -> Decimal | None:
    """Return average stock value ÷ cost of sales × days; None where nothing was sold."""
    if cost_of_sales <= 0:
        return None
    return (average_value / cost_of_sales * days).quantize(Decimal("0.1"), ROUND_HALF_UP)


def cover_days(available: Decimal, per_day: Decimal) -> Decimal | None:
    """Return for how many days stock lasts; None where nothing is sold."""
    return (max(ZERO, available) / per_day).quantize(Decimal("0.1"), ROUND_HALF_UP) if per_day > 0 else None


def movement_class(days_since_sale: int | None, cover: Decimal | None, *, dead_after: int, slow_cover: Decimal) -> str:
    """Return Dead (not sold for so many days, or never), Slow (lasts longer than it should) or Moving."""
    if days_since_sale is None or days_since_sale >= dead_after:
        return DEAD
    return SLOW if cover is None or cover > slow_cover else MOVING


def lost_sales(sales: DailySales) -> tuple[Decimal, int, Decimal]:
    """Return sales per day while there was stock, on how many days there was none, and what was probably not sold then."""
    days_out = len(sales.in_stock) - sales.days_in_stock
    if not sales.days_in_stock:
        return ZERO, days_out, ZERO
    sold = sum((qty for qty, there in zip(sales.sold, sales.in_stock, strict=True) if there), ZERO)
    per_day = (sold / sales.days_in_stock).quantize(_PLACES, ROUND_HALF_UP)
    missed = sum(
        (per_day - min(qty, per_day) for qty, there in zip(sales.sold, sales.in_stock, strict=True) if not there), ZERO
    )
    return per_day, days_out, missed


def _whole(qty: Decimal) -> Decimal:
    return qty.to_integral_value(ROUND_CEILING)
