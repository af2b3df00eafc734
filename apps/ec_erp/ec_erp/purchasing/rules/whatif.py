"""What would happen if: other lead times, growth, promotions, service levels, a budget, put on what is known of SKUs.

Invariants: nothing moved changes nothing; levels and quantities are those of the rules of replenishment, on whatever is moved.
Worked tables: docs/algorithms/what-if.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.purchasing.rules import replenishing, suggesting
from ec_erp.purchasing.types import Advice, PlannedEvent, Projected, Scenario, SkuPlace, StockPlan, Transfer

_HUNDRED = Decimal(100)
PRESENT = Scenario()


def settled(place: SkuPlace) -> SkuPlace:
    """Return a SKU in a warehouse with what both ways share worked out: what is usually sold, and its spread."""
    said = replace(place.overrides, daily_sales=suggesting.base_of(place))
    return replace(place, overrides=said, spread=suggesting.spread_of(place))


def moved(place: SkuPlace, scenario: Scenario) -> SkuPlace:
    """Return a SKU in a warehouse as it would be: its lead time, growth, service level and events moved."""
    policy, said = place.policy, place.overrides
    if scenario.lead_days_more:
        lead = suggesting.supply_of(place)[0].lead_days + scenario.lead_days_more
        said = replace(said, lead_days=max(ZERO, lead))
    if scenario.growth_more:
        said = replace(said, growth_percent=suggesting.growth_of(place) + scenario.growth_more)
    if scenario.service_percent is not None:
        policy = replace(policy, service_percent=scenario.service_percent)
    changed = replace(place, policy=policy, overrides=said)
    promotion = _promotion(changed, scenario)
    if promotion is None:
        return changed
    demand = replace(policy.demand, events=(*policy.demand.events, promotion))
    return replace(changed, policy=replace(policy, demand=demand))


def _promotion(place: SkuPlace, scenario: Scenario) -> PlannedEvent | None:
    """Return what a promotion sells of a SKU beyond the usual of its days."""
    first, last = scenario.uplift_first, scenario.uplift_last
    if not scenario.uplift_percent or first is None or last is None or last < first:
        return None
    usual = sum(usual_by_day(place, first, (last - first).days + 1), ZERO)
    return PlannedEvent("promotion", first, last, usual * scenario.uplift_percent / _HUNDRED, place.sku)


def usual_by_day(place: SkuPlace, first: date, days: int) -> list[Decimal]:
    """Return what is usually sold on each of so many days: base × season × growth."""
    base = suggesting.base_of(place) * (_HUNDRED + suggesting.growth_of(place)) / _HUNDRED
    seasons = place.policy.demand.seasons
    if not seasons:
        return [base] * days
    return [base * replenishing.season_factor(seasons, first + timedelta(days=at)) for at in range(days)]


def wanted_by_day(place: SkuPlace, first: date, days: int) -> tuple[Decimal, ...]:
    """Return what is wanted on each of so many days: the usual and, on their days, the events."""
    wanted = usual_by_day(place, first, days)
    for event in suggesting.events_of(place):
        per_day = event.qty / ((event.last - event.first).days + 1)
        begins, ends = (event.first - first).days, (event.last - first).days
        for at in range(max(0, begins), min(days - 1, ends) + 1):
            wanted[at] += per_day
    return tuple(wanted)


def projected(
    advice: Advice, arriving: Iterable[tuple[date, Decimal]], given: Decimal, price: Decimal, today: date, days: int
) -> Projected:
    """Return how a projection of so many days begins for an advice.

    ``arriving`` are orders under way by their day (past ones come tomorrow), ``given`` is what transfers take from here today.
    """
    place, supply = advice.place, advice.supply
    coming = [(max(1, (day - today).days), qty) for day, qty in arriving if qty]
    promised = place.position.transfer_in + place.position.returns
    if promised:
        coming.append((1, promised))
    on_the_road = max(1, math.ceil(place.policy.transport_days))
    coming += [(on_the_road, move.qty) for move in advice.transfers]
    return Projected(
        sku=place.sku,
        warehouse=place.warehouse,
        supply=supply,
        stock=place.position.available - place.position.backorders - given,
        wanted=wanted_by_day(place, today, days),
        arriving=tuple(coming),
        plans=_plans(advice, today, days),
        first_order=advice.qty,
        price=price,
    )


def _plans(advice: Advice, today: date, days: int) -> tuple[StockPlan, ...]:
    """Return the plan of each review: the same one all along where neither seasons nor events change it."""
    place, terms = advice.place, advice.place.policy.demand
    reviews = len(range(0, days, review_days(advice.supply.review_days)))
    if not terms.seasons and not terms.events:
        return (advice.plan,) * reviews
    base, step = suggesting.base_of(place), review_days(advice.supply.review_days)
    known = {advice.plan.demand: advice.plan}
    plans = [advice.plan]
    for at in range(1, reviews):
        demand = suggesting.demand_on(place, advice.supply, base, today + timedelta(days=at * step))
        if demand not in known:
            known[demand] = suggesting.plan_for(place, advice.supply, demand)
        plans.append(known[demand])
    return tuple(plans)


def review_days(days: Decimal) -> int:
    """Return after how many whole days it is looked again whether to buy."""
    return max(1, math.ceil(days))


def given_by_transfers(transfers: Sequence[Transfer]) -> dict[str, Decimal]:
    """Return what transfers take, by source."""
    given: dict[str, Decimal] = {}
    for move in transfers:
        given[move.source] = given.get(move.source, ZERO) + move.qty
    return given
