"""When to buy a SKU for a warehouse, and how much: demand, safety stock, reorder point, order-up-to level.

Invariants: nothing is suggested while the position lies above the reorder point; a suggested purchase is a multiple of the
pack and at least the minimum; transfers never take a source below its own order-up-to level.
Worked tables: docs/algorithms/replenishment.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import lru_cache
from statistics import NormalDist

from ec_erp.inventory.rules.demand import DailySales
from ec_erp.kernel.numbers import ZERO
from ec_erp.purchasing.types import (
    DemandTerms,
    PlannedEvent,
    Position,
    Season,
    StockPlan,
    Suggested,
    SupplyTerms,
    Transfer,
)

_HUNDRED = Decimal(100)
_PLACES = Decimal("0.0001")
_ONE = Decimal(1)
_PERCENT_MOST = Decimal("99.99")


def window_rate(sales: DailySales, days: int, *, leave_out_empty: bool) -> Decimal:
    """Return sales per day over the last ``days`` days; days on which nothing lay there may be left out."""
    sold = sum(sales.sold[:days], ZERO)
    counted = sum(sales.in_stock[:days]) if leave_out_empty else days
    return _round(sold / counted) if counted > 0 else ZERO


def base_demand(sales: DailySales, terms: DemandTerms) -> Decimal:
    """Return the weighted mean of the windows' sales per day."""
    whole = sum((window.weight for window in terms.windows), ZERO)
    if whole <= 0:
        return ZERO
    parts = [
        window.weight * window_rate(sales, window.days, leave_out_empty=terms.leave_out_empty)
        for window in terms.windows
    ]
    return _round(sum(parts, ZERO) / whole)


def demand_spread(sales: DailySales, days: int) -> Decimal:
    """Return the standard deviation of daily sales over the last ``days`` days, days without stock left out."""
    pairs = zip(sales.sold[:days], sales.in_stock[:days], strict=True)
    values = [sold for sold, there in pairs if there or sold]
    if len(values) < 2:
        return ZERO
    mean = sum(values, ZERO) / len(values)
    return _root(sum(((value - mean) ** 2 for value in values), ZERO) / len(values))


def season_factor(seasons: Sequence[Season], day: date) -> Decimal:
    """Return the product of the factors of all seasons that contain a day."""
    factor = _ONE
    for season in seasons:
        if season.first <= day <= season.last:
            factor *= season.factor
    return factor


def event_rate(events: Sequence[PlannedEvent], first: date, days: Decimal) -> Decimal:
    """Return what events sell beyond the usual per day, averaged over a horizon that starts on ``first``."""
    if days <= 0:
        return ZERO
    last = first + timedelta(days=math.ceil(days) - 1)
    extra = sum((event.qty * _overlap_share(event, first, last) for event in events), ZERO)
    return _round(extra / days)


def safety_stock(demand: Decimal, spread: Decimal, supply: SupplyTerms) -> Decimal:
    """Return max(d·safety days, z·√(LT·σ_d² + d²·σ_LT²))."""
    by_days = demand * supply.safety_days
    z = service_factor(supply.service_percent)
    by_chance = z * _root(supply.lead_days * spread**2 + demand**2 * supply.lead_spread**2)
    return _round(max(by_days, by_chance))


@lru_cache(maxsize=256)
def service_factor(percent: Decimal) -> Decimal:
    """Return how many standard deviations cover a service level; zero up to 50 %."""
    if percent <= 50:
        return ZERO
    return _round(Decimal(repr(NormalDist().inv_cdf(float(min(percent, _PERCENT_MOST) / _HUNDRED)))))


def plan_stock(demand: Decimal, spread: Decimal, supply: SupplyTerms) -> StockPlan:
    """Return safety stock, reorder point and order-up-to level for a demand per day."""
    safety = safety_stock(demand, spread, supply)
    point = _round(demand * supply.lead_days + safety)
    level = _round(demand * (supply.lead_days + supply.review_days) + safety)
    return StockPlan(demand, spread, safety, point, level)


def order_quantity(plan: StockPlan, position: Position, supply: SupplyTerms, *, got: Decimal = ZERO) -> Decimal:
    """Return what to buy: nothing above the reorder point, else enough for the level, in packs, at least the minimum.

    ``got`` is what transfers bring before; where that fills up to the level nothing is bought.
    """
    reached = position.total + got
    if plan.reorder_point <= 0 or reached > plan.reorder_point or (got and reached >= plan.level):
        return ZERO
    return to_packs(max(supply.minimum, plan.level - reached), supply.pack)


def to_packs(qty: Decimal, pack: Decimal) -> Decimal:
    """Return the smallest multiple of the pack that is not below ``qty``; without a pack, whole units."""
    unit = pack if pack > 0 else _ONE
    return (max(qty, ZERO) / unit).to_integral_value(ROUND_CEILING) * unit


def plan_transfers(wanted: Mapping[str, Decimal], surplus: Mapping[str, Decimal]) -> list[Transfer]:
    """Serve what warehouses want from what others have to spare, whole units, in the order given.

    The source with most to spare gives first, so that few transfers do it.
    """
    left = {warehouse: qty.to_integral_value(rounding="ROUND_FLOOR") for warehouse, qty in surplus.items() if qty >= 1}
    transfers: list[Transfer] = []
    for target, qty in wanted.items():
        need = qty.to_integral_value(ROUND_CEILING)
        for source in sorted(left, key=lambda name: (-left[name], name)):
            used = min(need, left[source])
            if source == target or used <= 0:
                continue
            transfers.append(Transfer(source, target, used))
            left[source] -= used
            need -= used
    return transfers


def dates_of(plan: StockPlan, position: Position, supply: SupplyTerms, today: date) -> Suggested:
    """Return how long the position lasts and until when to order; no dates where nothing is sold."""
    if plan.demand <= 0:
        return Suggested(None, None, None)
    cover = _round(position.total / plan.demand)
    out = today + timedelta(days=min(max(int(cover), 0), 3650))
    by = out - timedelta(days=math.ceil(supply.lead_days + supply.safety_days))
    return Suggested(cover, out, by)


def _overlap_share(event: PlannedEvent, first: date, last: date) -> Decimal:
    begin, end = max(event.first, first), min(event.last, last)
    days = (end - begin).days + 1
    return Decimal(max(days, 0)) / ((event.last - event.first).days + 1)


def _root(value: Decimal) -> Decimal:
    return _round(value.sqrt()) if value > 0 else ZERO


def _round(value: Decimal) -> Decimal:
    return value.quantize(_PLACES, ROUND_HALF_UP)
