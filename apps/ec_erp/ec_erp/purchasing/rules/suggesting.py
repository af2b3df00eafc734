"""From all that is known of SKUs in warehouses to advice: what to buy, what to transfer first, and why.

Invariant: every number that decides stands in the terms of an advice, with where it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO, plain
from ec_erp.kernel.problems import N_
from ec_erp.purchasing.rules import replenishing
from ec_erp.purchasing.types import (
    Advice,
    DemandTerms,
    PlannedEvent,
    Policy,
    Score,
    SkuPlace,
    StockPlan,
    SupplyTerms,
    Term,
    Transfer,
)

DEFAULT_POLICY = Policy("", DemandTerms())
_HUNDRED = Decimal(100)
_UNITS, _DAYS, _PER_DAY = N_("units"), N_("days"), N_("per day")
_BY_HAND, _SALES, _BALANCE, _BUILT_IN = N_("by hand"), N_("orders"), N_("stock balance"), N_("built-in default")


def choose_policy(policies: Iterable[Policy], scope: Mapping[str, str | None]) -> Policy:
    """Return the most exact policy whose every scope field fits: SKU before category, supplier, warehouse, company."""
    order = ("sku", "category", "supplier", "warehouse", "company")
    fitting = [policy for policy in policies if all(getattr(policy, key) in (None, scope.get(key)) for key in order)]
    if not fitting:
        return DEFAULT_POLICY
    return min(fitting, key=lambda policy: (*(getattr(policy, key) is None for key in order), policy.name))


def advise(places: Sequence[SkuPlace], today: date, *, explained: bool = True) -> list[Advice]:
    """Return advice for SKUs in warehouses; those of one SKU and company may help each other out first.

    Not ``explained``, the same advice comes without its terms, in a third of the time.
    """
    planned = _plan if explained else _plan_alone
    advice = {(place.sku, place.warehouse): planned(place, today) for place in places}
    groups: dict[tuple[str, str], list[Advice]] = {}
    for one in advice.values():
        groups.setdefault((one.place.sku, one.place.company), []).append(one)
    return [ready for group in groups.values() for ready in _with_transfers(group)]


def _plan(place: SkuPlace, today: date) -> Advice:
    supply, supply_terms = supply_of(place)
    demand, demand_terms = _demand(place, supply, today)
    plan = replenishing.plan_stock(demand, spread_of(place), supply)
    plan = _at_least(plan, place.safety_stock)
    terms = (*demand_terms, *supply_terms, *_plan_terms(place, plan, supply), *_position_terms(place))
    dates = replenishing.dates_of(plan, place.position, supply, today)
    return Advice(place, plan, supply, dates, terms, ZERO)


def base_of(place: SkuPlace) -> Decimal:
    """Return what is usually sold a day: what a person said, else what orders of the past say."""
    said = place.overrides.daily_sales
    return replenishing.base_demand(place.sales, place.policy.demand) if said is None else said


def growth_of(place: SkuPlace) -> Decimal:
    """Return the growth that is reckoned with, in percent."""
    said = place.overrides.growth_percent
    return place.policy.demand.growth_percent if said is None else said


def spread_of(place: SkuPlace) -> Decimal:
    """Return how far daily sales lie from their mean, over the longest window."""
    if place.spread is not None:
        return place.spread
    longest = max((window.days for window in place.policy.demand.windows), default=0)
    return replenishing.demand_spread(place.sales, longest)


def events_of(place: SkuPlace) -> list[PlannedEvent]:
    """Return the planned events that concern a SKU."""
    return [event for event in place.policy.demand.events if event.sku in (None, place.sku)]


def demand_on(place: SkuPlace, supply: SupplyTerms, base: Decimal, day: date) -> Decimal:
    """Return what is sold a day from a day on: base × season × growth, and the events of the days until goods bought then are sold."""
    usual = base * replenishing.season_factor(place.policy.demand.seasons, day)
    events = events_of(place)
    uplift = replenishing.event_rate(events, day, supply.lead_days + supply.review_days) if events else ZERO
    return usual * (_HUNDRED + growth_of(place)) / _HUNDRED + uplift


def plan_for(place: SkuPlace, supply: SupplyTerms, demand: Decimal) -> StockPlan:
    """Return the plan for what is sold a day, the SKU's own safety stock kept."""
    return _at_least(replenishing.plan_stock(demand, spread_of(place), supply), place.safety_stock)


def _plan_alone(place: SkuPlace, today: date) -> Advice:
    supply = _supply(place)
    plan = plan_for(place, supply, demand_on(place, supply, base_of(place), today))
    return Advice(place, plan, supply, replenishing.dates_of(plan, place.position, supply, today), (), ZERO)


def _demand(place: SkuPlace, supply: SupplyTerms, today: date) -> tuple[Decimal, list[Term]]:
    """Return demand per day and how it came about."""
    demand_terms, said = place.policy.demand, place.overrides
    origin = _origin(place.policy)
    terms = []
    if said.daily_sales is None:
        for window in demand_terms.windows:
            rate = replenishing.window_rate(place.sales, window.days, leave_out_empty=demand_terms.leave_out_empty)
            days = sum(place.sales.in_stock[: window.days]) if demand_terms.leave_out_empty else window.days
            sold = plain(sum(place.sales.sold[: window.days], ZERO))
            told = f"{sold} / {days}; × {plain(window.weight)} ({origin})"
            terms.append(Term(N_("Sales, days of window"), Decimal(window.days), _DAYS, _SALES))
            terms.append(Term(N_("Sales per day in window"), rate, _PER_DAY, told))
        base = base_of(place)
        terms.append(Term(N_("Weighted sales per day"), base, _PER_DAY, origin))
    else:
        base = said.daily_sales
        terms.append(Term(N_("Weighted sales per day"), base, _PER_DAY, _BY_HAND))
    season = replenishing.season_factor(demand_terms.seasons, today)
    growth, own = growth_of(place), events_of(place)
    horizon = supply.lead_days + supply.review_days
    uplift = replenishing.event_rate(own, today, horizon)
    demand = base * season * (_HUNDRED + growth) / _HUNDRED + uplift
    terms += [
        Term(N_("Season factor"), season, "×", origin),
        Term(N_("Growth"), growth, "%", _BY_HAND if said.growth_percent is not None else origin),
        Term(N_("Planned events"), uplift, _PER_DAY, ", ".join(event.name for event in own) or origin),
        Term(N_("Demand per day"), demand, _PER_DAY, N_("weighted sales × season × growth + events")),
    ]
    return demand, terms


def supply_of(place: SkuPlace) -> tuple[SupplyTerms, list[Term]]:
    """Return how goods come to a SKU's warehouse, and where these terms come from."""
    policy, said, origin = place.policy, place.overrides, _origin(place.policy)
    supplier_days, days_origin = _supplier_days(place)
    supply = _supply(place)
    terms = [
        Term(N_("Planning time"), policy.plan_days, _DAYS, origin),
        Term(N_("Supplier's time"), supplier_days, _DAYS, days_origin),
        Term(N_("Inspection time"), policy.qc_days, _DAYS, origin),
        Term(N_("Transport time"), policy.transport_days, _DAYS, origin),
        Term(N_("Lead time"), supply.lead_days, _DAYS, _by_hand(said.lead_days) or N_("sum of the above")),
        Term(N_("Days between orders"), supply.review_days, _DAYS, _by_hand(said.review_days) or origin),
        Term(N_("Safety days"), supply.safety_days, _DAYS, _by_hand(said.safety_days) or origin),
        Term(N_("Spread of lead time"), supply.lead_spread, _DAYS, N_("past receipts")),
    ]
    return supply, terms


def _by_hand(said: Decimal | None) -> str:
    return _BY_HAND if said is not None else ""


def _supply(place: SkuPlace) -> SupplyTerms:
    policy, said, supplier = place.policy, place.overrides, place.supplier
    lead = said.lead_days
    if lead is None:
        lead = policy.plan_days + _supplier_days(place)[0] + policy.qc_days + policy.transport_days
    return SupplyTerms(
        lead_days=lead,
        review_days=policy.review_days if said.review_days is None else said.review_days,
        safety_days=policy.safety_days if said.safety_days is None else said.safety_days,
        service_percent=policy.service_percent,
        lead_spread=_lead_spread(place.score),
        minimum=supplier.moq if supplier else ZERO,
        pack=supplier.pack if supplier else ZERO,
    )


def _supplier_days(place: SkuPlace) -> tuple[Decimal, str]:
    if place.supplier and place.supplier.lead_days:
        return place.supplier.lead_days, place.supplier.name
    if place.score and place.score.lead_days is not None:
        return place.score.lead_days, N_("past receipts")
    return place.supplier_days, place.supplier.supplier if place.supplier else N_("no supplier known")


def _lead_spread(score: Score | None) -> Decimal:
    return score.lead_spread if score and score.lead_spread is not None else ZERO


def _at_least(plan: StockPlan, floor: Decimal) -> StockPlan:
    """Raise safety stock, and what is built on it, to what the SKU itself asks for."""
    more = floor - plan.safety
    if more <= 0:
        return plan
    return replace(plan, safety=plan.safety + more, reorder_point=plan.reorder_point + more, level=plan.level + more)


def _plan_terms(place: SkuPlace, plan: StockPlan, supply: SupplyTerms) -> list[Term]:
    z = replenishing.service_factor(supply.service_percent)
    floor = place.safety_stock and plan.safety == place.safety_stock
    safety_from = N_("safety stock of the SKU") if floor else N_("max(demand × safety days, z × √(…))")
    return [
        Term(N_("Spread of daily sales"), plan.spread, _UNITS, _SALES),
        Term(N_("Service factor z"), z, "", _origin(place.policy)),
        Term(N_("Safety stock"), plan.safety, _UNITS, safety_from),
        Term(N_("Reorder point"), plan.reorder_point, _UNITS, N_("demand × lead time + safety stock")),
        Term(
            N_("Order-up-to level"), plan.level, _UNITS, N_("demand × (lead time + days between orders) + safety stock")
        ),
    ]


def _position_terms(place: SkuPlace) -> list[Term]:
    at = place.position
    return [
        Term(N_("Available"), at.available, _UNITS, _BALANCE),
        Term(N_("On order"), at.on_order, _UNITS, _BALANCE),
        Term(N_("Transfers on the way"), at.transfer_in, _UNITS, _BALANCE),
        Term(N_("Good returns expected"), at.returns, _UNITS, N_("after-sales")),
        Term(N_("Backorders"), at.backorders, _UNITS, _SALES),
        Term(N_("Position"), at.total, _UNITS, N_("sum of the above, less backorders")),
    ]


def _with_transfers(group: Sequence[Advice]) -> list[Advice]:
    """Return advice with transfers where they come first, and purchases for the rest."""
    short = {one.place.warehouse: one for one in group if _is_triggered(one)}
    wanted = {
        name: max(ZERO, one.plan.level - one.place.position.total)
        for name, one in short.items()
        if one.place.policy.transfer_first
    }
    surplus = {
        one.place.warehouse: min(one.place.position.total, one.place.position.available) - one.plan.level
        for one in group
        if one.place.warehouse not in short
    }
    transfers = replenishing.plan_transfers(wanted, surplus)
    return [_finish(one, [move for move in transfers if move.target == one.place.warehouse]) for one in group]


def _is_triggered(one: Advice) -> bool:
    return one.plan.reorder_point > 0 and one.place.position.total <= one.plan.reorder_point


def _finish(one: Advice, transfers: Sequence[Transfer]) -> Advice:
    got = sum((move.qty for move in transfers), ZERO)
    qty = replenishing.order_quantity(one.plan, one.place.position, one.supply, got=got)
    supplier = one.place.supplier.name if one.place.supplier else N_("no supplier known")
    terms = (
        *one.terms,
        Term(N_("Transfers first"), got, _UNITS, ", ".join(f"{move.source}: {plain(move.qty)}" for move in transfers)),
        Term(N_("Minimum order"), one.supply.minimum, _UNITS, supplier),
        Term(N_("Pack"), one.supply.pack, _UNITS, supplier),
        Term(N_("Quantity to buy"), qty, _UNITS, N_("level − position − transfers, at least the minimum, in packs")),
    )
    return replace(one, qty=qty, transfers=tuple(transfers), terms=terms)


def _origin(policy: Policy) -> str:
    return policy.name or _BUILT_IN
