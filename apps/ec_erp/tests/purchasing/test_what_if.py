"""What-if: moved parameters, the course of days, budgets are those of docs/algorithms/what-if.md."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from algorithm_tables import Row, number, read_table
from ec_erp.purchasing.rules import projecting, suggesting, whatif
from ec_erp.purchasing.types import (
    DailySales,
    DemandTerms,
    Outcome,
    Overrides,
    PlannedEvent,
    Policy,
    Position,
    Projected,
    Scenario,
    Season,
    SkuPlace,
    SupplierTerms,
    Window,
)
from hypothesis import given, settings
from hypothesis import strategies as st

PAGE = "what-if.md"
ZERO, TEN = Decimal(0), Decimal(10)
TODAY = date(2026, 6, 15)
small = st.integers(0, 60).map(Decimal)


def place(sold: int = 4, stock: int = 12, on_order: int = 0, **policy: object) -> SkuPlace:
    demand = policy.pop("demand", None) or DemandTerms((Window(2, Decimal(1)),))
    terms = {"plan_days": Decimal(3), "review_days": Decimal(4), "safety_days": Decimal(1), **policy}
    sales = DailySales((Decimal(sold),) * 2, (True, True))
    at = Position(Decimal(stock), Decimal(on_order))
    return SkuPlace("A", "W", "C", None, sales, at, Policy("P", demand=demand, **terms))  # type: ignore[arg-type]


def known_places() -> st.SearchStrategy[SkuPlace]:
    return st.builds(
        place,
        sold=st.integers(0, 12),
        stock=st.integers(-10, 80),
        plan_days=st.integers(0, 9).map(Decimal),
        review_days=st.integers(1, 9).map(Decimal),
        safety_days=st.integers(0, 5).map(Decimal),
    )


def begin(one: SkuPlace, days: int, price: Decimal = TEN) -> Projected:
    (advice,) = suggesting.advise([one], TODAY)
    return whatif.projected(advice, [], ZERO, price, TODAY, days)


def scenario_of(text: str) -> Scenario:
    name, _, value = text.rpartition(" ")
    fields = {"lead time": "lead_days_more", "growth": "growth_more", "budget": "budget"}
    return Scenario(**{fields[name]: Decimal(value)}) if name else Scenario()


@pytest.mark.parametrize("row", read_table(PAGE, "A day"))
def test_the_course_of_days(row: Row) -> None:
    day, begins = int(row["day"]), begin(place(), 9)
    until = projecting.project([begins], day + 1).outcomes[0]
    before = projecting.project([begins], day).outcomes[0]
    changes = (until.came - before.came, until.bought - before.bought, until.sold - before.sold, until.end_stock)
    assert changes == tuple(number(row[key]) for key in ("comes", "bought", "sold", "stock at the end"))
    assert begins.wanted[day] == number(row["wanted"])


@pytest.mark.parametrize("row", read_table(PAGE, "Moved"))
def test_moved(row: Row) -> None:
    scenario = scenario_of(row["moved"])
    begins = begin(whatif.moved(place(), scenario), 9)
    found = projecting.project([begins], 9, scenario.budget).outcomes[0]
    shown = (found.ordered_now, found.bought, found.stock_out_days, found.lost, round(found.tied_up, 2))
    keys = ("bought today", "bought in all", "days without stock", "missed", "tied up")
    assert shown == tuple(number(row[key]) for key in keys)


@settings(max_examples=60)
@given(known_places(), st.integers(0, 99).map(Decimal))
def test_nothing_moved_is_the_present_and_explaining_it_changes_nothing(one: SkuPlace, service: Decimal) -> None:
    one = replace(one, policy=replace(one.policy, service_percent=service), safety_stock=Decimal(3))
    (explained,) = suggesting.advise([one], TODAY)
    (alone,) = suggesting.advise([whatif.moved(whatif.settled(one), whatif.PRESENT)], TODAY, explained=False)
    shown = (alone.plan, alone.supply, alone.dates, alone.qty, alone.transfers)
    assert shown == (explained.plan, explained.supply, explained.dates, explained.qty, explained.transfers)


def test_a_lead_time_is_moved_where_a_person_said_one_too_and_never_below_zero() -> None:
    said = replace(place(), overrides=Overrides(lead_days=Decimal(9)))
    assert whatif.moved(said, Scenario(lead_days_more=Decimal(2))).overrides.lead_days == 11
    assert whatif.moved(place(), Scenario(lead_days_more=Decimal(-5))).overrides.lead_days == 0


def test_a_promotion_sells_more_on_its_days_alone_and_raises_the_levels_before_it() -> None:
    first, last = TODAY + timedelta(days=2), TODAY + timedelta(days=3)
    moved = whatif.moved(place(), Scenario(uplift_percent=Decimal(50), uplift_first=first, uplift_last=last))
    assert whatif.wanted_by_day(moved, TODAY, 6) == (4, 4, 6, 6, 4, 4)
    begins = begin(moved, 9)
    assert begins.plans[0].level > begin(place(), 9).plans[0].level
    assert begins.plans[1] == begin(place(), 9).plans[1]


def test_a_promotion_that_began_before_counts_with_the_days_that_are_left() -> None:
    event = PlannedEvent("618", TODAY - timedelta(days=1), TODAY, Decimal(8))
    demand = DemandTerms((Window(2, Decimal(1)),), events=(event,))
    assert whatif.wanted_by_day(place(demand=demand), TODAY, 3) == (8, 4, 4)


def test_seasons_count_on_their_days() -> None:
    season = Season(TODAY + timedelta(days=1), TODAY + timedelta(days=1), Decimal(2))
    demand = DemandTerms((Window(2, Decimal(1)),), seasons=(season,), growth_percent=Decimal(50))
    assert whatif.wanted_by_day(place(demand=demand), TODAY, 3) == (6, 12, 6)


def test_ordered_goods_come_when_promised_and_overdue_ones_tomorrow() -> None:
    (advice,) = suggesting.advise([place(stock=0, on_order=7)], TODAY)
    promised = [(TODAY + timedelta(days=5), Decimal(4)), (TODAY - timedelta(days=3), Decimal(3))]
    begins = whatif.projected(advice, promised, Decimal(2), TEN, TODAY, 9)
    assert (sorted(begins.arriving), begins.stock) == ([(1, 3), (5, 4)], -2)


def test_the_plan_of_a_review_is_what_would_be_suggested_on_that_day() -> None:
    season = Season(TODAY + timedelta(days=4), TODAY + timedelta(days=30), Decimal(3))
    one = place(demand=DemandTerms((Window(2, Decimal(1)),), seasons=(season,)))
    (then,) = suggesting.advise([one], TODAY + timedelta(days=4))
    assert begin(one, 9).plans[1] == then.plan


def supplied(moq: Decimal, pack: Decimal) -> SkuPlace:
    return replace(place(), supplier=SupplierTerms("SS", "S", "A", moq=moq, pack=pack))


@given(
    small, small, st.integers(1, 12).map(Decimal), st.integers(1, 50).map(Decimal), st.integers(0, 3000).map(Decimal)
)
def test_what_is_affordable_is_whole_packs_within_the_money(
    packs: Decimal, minimum: Decimal, pack: Decimal, price: Decimal, money: Decimal
) -> None:
    wish = packs * pack
    got = projecting.affordable(wish, price, minimum, pack, money)
    assert got * price <= money
    assert got <= wish
    assert got % pack == 0
    assert got == 0 or got >= minimum or got == wish


def is_sound(begins: Projected, found: Outcome, days: int) -> bool:
    kept = begins.stock + found.came - found.sold == found.end_stock
    return kept and found.sold + found.lost == sum(begins.wanted) and 0 <= found.stock_out_days <= days


@settings(max_examples=60)
@given(
    st.lists(known_places(), min_size=1, max_size=4), st.integers(1, 25), st.none() | st.integers(0, 2000).map(Decimal)
)
def test_nothing_is_lost_on_the_way_and_no_more_is_spent_than_the_budget(
    known: list[SkuPlace], days: int, budget: Decimal | None
) -> None:
    begins = [begin(one, days) for one in known]
    found = projecting.project(begins, days, budget)
    assert all(is_sound(one, outcome, days) for one, outcome in zip(begins, found.outcomes, strict=True))
    assert budget is None or sum(one.value_bought for one in found.outcomes) <= budget
    assert len(found.tied_up) == days
    assert abs(sum(found.tied_up) / days - sum(one.tied_up for one in found.outcomes)) < Decimal("0.0001")


@settings(max_examples=60)
@given(known_places(), st.integers(1, 20))
def test_a_budget_never_sells_more(one: SkuPlace, days: int) -> None:
    begins = begin(one, days)
    free = projecting.project([begins], days).outcomes[0]
    bound = projecting.project([begins], days, ZERO).outcomes[0]
    assert bound.sold <= free.sold
    assert bound.bought == 0


def test_who_is_out_of_stock_first_is_served_first() -> None:
    poor, rich = replace(begin(place(stock=1), 9), sku="P"), replace(begin(place(stock=12), 9), sku="R")
    wish = poor.first_order * poor.price
    found = projecting.project([rich, poor], 1, wish)
    assert [one.ordered_now for one in found.outcomes] == [0, poor.first_order]


def test_packs_and_minimums_hold_on_later_days_too() -> None:
    begins = begin(supplied(Decimal(30), Decimal(12)), 9)
    found = projecting.project([begins], 9).outcomes[0]
    assert (begins.first_order, found.bought % 12) == (36, 0)


def test_goods_projected_in_parts_come_to_the_same() -> None:
    begins = [begin(place(stock=stock), 9) for stock in (3, 12, 20)]
    parts = [projecting.project(begins[:1], 9), projecting.project(begins[1:], 9)]
    assert projecting.together(parts) == projecting.project(begins, 9)
    assert projecting.together([]) == projecting.Projection((), ())
