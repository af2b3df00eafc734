"""What-if replenishment: the present parameters and moved ones side by side, before anything is ordered.

Invariant: comparing writes nothing; a plan made of it orders what the comparison shows for today.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import refuse, text_of
from ec_erp.documents.requests import day_in
from ec_erp.documents.sets import insert_many
from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO, optional_decimal, plain
from ec_erp.kernel.problems import N_, problem
from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.purchasing.flows import common, suggestion
from ec_erp.purchasing.rules import pricing, suggesting, whatif
from ec_erp.purchasing.rules.projecting import project, together
from ec_erp.purchasing.store import masters
from ec_erp.purchasing.store import projecting as store
from ec_erp.purchasing.types import Advice, Outcome, Projected, Projection, Scenario, SkuPlace

DAYS, MOST_DAYS = 60, 366


@dataclass(frozen=True)
class Scope:
    """For which goods: empty fields mean every one."""

    company: str | None = None
    warehouse: str | None = None
    supplier: str | None = None
    category: str | None = None
    sku: str | None = None

    @property
    def filters(self) -> dict[str, Any]:
        """Return the part that is about SKUs as filters of theirs."""
        said = {"name": self.sku, "category": self.category}
        return {key: value for key, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Compared:
    """A SKU in a warehouse in both ways: its place in the figures, whom it comes from, its plan and time."""

    sku: str
    warehouse: str
    company: str
    supplier: str | None
    demand: tuple[Decimal, Decimal]
    lead_days: tuple[Decimal, Decimal]


@dataclass
class Comparison:
    """What becomes of goods with the present parameters and with the moved ones, in the same order as ``goods``."""

    days: int
    today: date
    currency: str = ""
    goods: list[Compared] = field(default_factory=list)
    present: Projection = field(default_factory=lambda: Projection((), ()))
    moved: Projection = field(default_factory=lambda: Projection((), ()))


def compare(scope: Scope, scenario: Scenario, days: int, today: date) -> Comparison:
    """Return both ways for a scope over so many days; SKUs are loaded in chunks, and only what a projection needs is kept."""
    found = Comparison(days, today)
    present, moved = _Way(days, None), _Way(days, scenario.budget)
    warehouses = [scope.warehouse] if scope.warehouse else []
    for goods, companies in suggestion.goods_in_chunks(scope.company, warehouses, scope.filters):
        found.currency = found.currency or _currency_of(companies.values())
        places = suggestion.present_places(goods, companies, [scope.supplier] if scope.supplier else [], today)
        terms = _Terms.load(goods.keys(), companies.keys())
        places = [whatif.settled(place) for place in places]
        advice = suggesting.advise(places, today, explained=False)
        changed = suggesting.advise([whatif.moved(place, scenario) for place in places], today, explained=False)
        present.add(_begin(advice, terms, today, days))
        moved.add(_begin(changed, terms, today, days))
        found.goods += [_compared(one, other) for one, other in zip(advice, changed, strict=True)]
    found.present, found.moved = present.result(), moved.result()
    return found


class _Way:
    """One way of buying: goods are projected as they come, unless a budget makes them wait for each other."""

    def __init__(self, days: int, budget: Decimal | None) -> None:
        self.days, self.budget = days, budget
        self.waiting: list[Projected] = []
        self.parts: list[Projection] = []

    def add(self, begins: list[Projected]) -> None:
        """Take more goods in."""
        if self.budget is None:
            self.parts.append(project(begins, self.days))
        else:
            self.waiting += begins

    def result(self) -> Projection:
        """Return what becomes of all goods."""
        return together(self.parts) if self.budget is None else project(self.waiting, self.days, self.budget)


def _currency_of(companies: Iterable[str]) -> str:
    """Return the currency of companies. Raises ``PurchaseRefused`` where they have several."""
    found = sorted({masters.load_company_currency(company) or "" for company in companies})
    if len(found) > 1:
        refuse([problem(N_("Choose a company: money of several currencies can't be added up"))], PurchaseRefused)
    return found[0] if found else ""


def _compared(one: Advice, other: Advice) -> Compared:
    place = one.place
    supplier = place.supplier.supplier if place.supplier else None
    demand, lead = (one.plan.demand, other.plan.demand), (one.supply.lead_days, other.supply.lead_days)
    return Compared(place.sku, place.warehouse, place.company, supplier, demand, lead)


@dataclass(frozen=True)
class _Terms:
    """What units cost and when ordered goods come."""

    costs: Mapping[tuple[str, str], Decimal]
    rates: Mapping[str, Decimal]
    expected: Mapping[tuple[str, str], Sequence[tuple[date | None, Decimal]]]

    @staticmethod
    def load(skus: Collection[str], warehouses: Collection[str]) -> _Terms:
        costs, rates = store.load_unit_costs(skus, warehouses), store.load_purchase_rates(skus)
        return _Terms(costs, rates, store.load_expected(skus, warehouses))

    def price(self, place: SkuPlace, qty: Decimal, today: date) -> Decimal:
        """Return the supplier's price in the company's currency, else what units have cost, else the SKU's own price."""
        supplier = place.supplier
        own = masters.load_company_currency(place.company) or ""
        if supplier and supplier.currency in ("", own):
            asked = pricing.price_for(supplier, max(qty, supplier.moq), today)[0]
            if asked:
                return asked
        return self.costs.get((place.sku, place.warehouse)) or self.rates.get(place.sku, ZERO)


def _begin(advice: Sequence[Advice], terms: _Terms, today: date, days: int) -> list[Projected]:
    given: dict[tuple[str, str], Decimal] = {}
    for one in advice:
        for source, qty in whatif.given_by_transfers(one.transfers).items():
            given[one.place.sku, source] = given.get((one.place.sku, source), ZERO) + qty
    return [_begins(one, terms, given, today, days) for one in advice]


def _begins(one: Advice, terms: _Terms, given: Mapping[tuple[str, str], Decimal], today: date, days: int) -> Projected:
    key = (one.place.sku, one.place.warehouse)
    soon = today + timedelta(days=int(one.supply.lead_days))
    arriving = [(day or soon, qty) for day, qty in terms.expected.get(key, ())]
    price = terms.price(one.place, one.qty, today)
    return whatif.projected(one, arriving, given.get(key, ZERO), price, today, days)


def rows_of(found: Comparison, most: int) -> list[dict[str, Any]]:
    """Return the rows of a comparison, those with most days without stock or with the largest change first, at most so many."""
    if not found.goods:
        return []
    pairs = zip(found.goods, found.present.outcomes, found.moved.outcomes, strict=True)
    ranked = sorted(pairs, key=lambda triple: (*_rank(triple[1], triple[2]), triple[0].sku, triple[0].warehouse))[:most]
    names = store.load_names({goods.sku for goods, _, _ in ranked})
    return [_row(goods, names[goods.sku], now, then, found.currency) for goods, now, then in ranked]


def _rank(now: Outcome, then: Outcome) -> tuple[int, Decimal]:
    return -max(now.stock_out_days, then.stock_out_days), -max(now.value_bought, then.value_bought)


def _row(goods: Compared, name: str, now: Outcome, then: Outcome, currency: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "sku": goods.sku,
        "sku_name": name,
        "warehouse": goods.warehouse,
        "supplier": goods.supplier,
        "currency": currency,
    }
    for at, (way, outcome) in enumerate((("present", now), ("moved", then))):
        row |= {
            f"demand_{way}": float(goods.demand[at]),
            f"lead_{way}": float(goods.lead_days[at]),
            f"order_{way}": float(outcome.ordered_now),
            f"value_{way}": _money(outcome.value_now, currency),
            f"out_{way}": outcome.stock_out_days,
            f"lost_{way}": float(round(outcome.lost, 2)),
            f"bought_{way}": _money(outcome.value_bought, currency),
            f"tied_{way}": _money(outcome.tied_up, currency),
        }
    return row


def totals_of(projection: Projection, currency: str) -> dict[str, Any]:
    """Return the totals of a way: days without stock, SKUs concerned, units missed, money spent today and in all, money tied up."""
    outcomes = projection.outcomes
    return {
        "out_days": sum(one.stock_out_days for one in outcomes),
        "out_skus": sum(one.stock_out_days > 0 for one in outcomes),
        "lost": float(round(sum((one.lost for one in outcomes), ZERO), 2)),
        "value_now": _money(sum((one.value_now for one in outcomes), ZERO), currency),
        "bought": _money(sum((one.value_bought for one in outcomes), ZERO), currency),
        "tied_mean": _money(sum((one.tied_up for one in outcomes), ZERO), currency),
        "tied_most": _money(max(projection.tied_up, default=ZERO), currency),
    }


def _money(value: Decimal, currency: str) -> float:
    return float(round_money(value, currency))


def told(scenario: Scenario) -> list[str]:
    """Return what is moved, in the user's language."""
    said = [
        (scenario.lead_days_more, N_("lead time {0} days")),
        (scenario.growth_more, N_("growth {0} %")),
    ]
    found = [text_of(problem(message, f"{value:+f}")) for value, message in said if value]
    if scenario.uplift_percent and scenario.uplift_first and scenario.uplift_last:
        message = N_("promotion {0} % from {1} to {2}")
        values = (f"{scenario.uplift_percent:+f}", scenario.uplift_first, scenario.uplift_last)
        found.append(text_of(problem(message, *values)))
    if scenario.service_percent is not None:
        found.append(text_of(problem(N_("service level {0} %"), plain(scenario.service_percent))))
    if scenario.budget is not None:
        found.append(text_of(problem(N_("budget {0}"), plain(scenario.budget))))
    return found


def asked_of(values: Mapping[str, Any]) -> tuple[Scope, Scenario, int]:
    """Return scope, scenario and days from the filters of a report. Raises ``PurchaseRefused`` for what makes no sense."""
    scope = Scope(**{name: values.get(name) or None for name in Scope.__dataclass_fields__})
    first, last = values.get("uplift_from"), values.get("uplift_to")
    scenario = Scenario(
        lead_days_more=_number(values, "lead_days_more"),
        growth_more=_number(values, "growth_more"),
        uplift_percent=_number(values, "uplift_percent"),
        uplift_first=day_in(first, "Date") if first else None,
        uplift_last=day_in(last, "Date") if last else None,
        service_percent=_number(values, "service_percent") or None,
        budget=_number(values, "budget") or None,
    )
    days = int(_number(values, "days")) or DAYS
    refuse(_wrong(scenario, days), PurchaseRefused)
    return scope, scenario, days


def _wrong(scenario: Scenario, days: int) -> Iterable[Any]:
    if not 0 < days <= MOST_DAYS:
        yield problem(N_("Look ahead between 1 and {0} days"), MOST_DAYS)
    if scenario.uplift_percent and not (scenario.uplift_first and scenario.uplift_last):
        yield problem(N_("Say from when to when the promotion lasts"))
    if scenario.uplift_first and scenario.uplift_last and scenario.uplift_last < scenario.uplift_first:
        yield problem(N_("The promotion ends before it begins"))
    if scenario.budget is not None and scenario.budget < 0:
        yield problem(N_("The budget is below zero"))


def _number(values: Mapping[str, Any], name: str) -> Decimal:
    return optional_decimal(values.get(name)) or ZERO


def make_plan(scope: Scope, scenario: Scenario, today: date) -> list[str]:
    """Make what the moved parameters would buy today into draft purchase requests, one per company; return their names.

    Raises ``PurchaseRefused`` where nothing is to be bought.
    """
    found = compare(scope, scenario, 1, today)
    reason = "; ".join(told(scenario)) or frappe._("present parameters")
    items: dict[str, list[dict[str, Any]]] = {}
    for goods, outcome in zip(found.goods, found.moved.outcomes, strict=True):
        if outcome.ordered_now > 0:
            items.setdefault(goods.company, []).append(_item(goods, outcome, reason, today))
    if not items:
        refuse([problem(N_("With these parameters nothing is to be bought today"))], PurchaseRefused)
    docs = [
        frappe.get_doc({"doctype": "Purchase Request", "company": company, "reason": reason, "items": rows})
        for company, rows in sorted(items.items())
    ]
    insert_many(docs)
    return [doc.name for doc in docs]


def _item(goods: Compared, outcome: Outcome, reason: str, today: date) -> dict[str, Any]:
    return {
        "sku": goods.sku,
        "warehouse": goods.warehouse,
        "supplier": goods.supplier,
        "qty": float(outcome.ordered_now),
        "schedule_date": today + timedelta(days=int(goods.lead_days[1])),
        "reason": reason,
    }


def today() -> date:
    """Return the day on which a comparison begins."""
    return common.day_of(None)
