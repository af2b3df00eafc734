"""Replenishment: demand, levels, quantities and transfers are those of docs/algorithms/replenishment.md."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from algorithm_tables import Row, number, numbers, read_table
from ec_erp.purchasing.rules import replenishing, suggesting
from ec_erp.purchasing.types import (
    DailySales,
    DemandTerms,
    Overrides,
    PlannedEvent,
    Policy,
    Position,
    Season,
    SkuPlace,
    StockPlan,
    SupplierTerms,
    SupplyTerms,
    Window,
)
from hypothesis import given
from hypothesis import strategies as st

PAGE = "replenishment.md"
ZERO = Decimal(0)
TODAY = date(2026, 6, 15)
quantities = st.decimals(0, 500, places=2)


def sales_of(row: Row) -> DailySales:
    sold = numbers(row["sold per day"])
    empty = {int(day) for day in row["empty days"].split(",") if day.strip()}
    return DailySales(tuple(sold), tuple(day not in empty for day in range(1, len(sold) + 1)))


def windows_of(text: str) -> tuple[Window, ...]:
    pairs = [part.split("×") for part in text.split(",")]
    return tuple(Window(int(days), Decimal(weight.strip())) for days, weight in pairs)


@pytest.mark.parametrize("row", read_table(PAGE, "Demand"))
def test_demand(row: Row) -> None:
    terms = DemandTerms(windows_of(row["windows (days × weight)"]), leave_out_empty=row["leave out empty"] == "yes")
    assert replenishing.base_demand(sales_of(row), terms) == number(row["demand"])


@pytest.mark.parametrize("row", read_table(PAGE, "Safety stock and levels"))
def test_safety_stock_and_levels(row: Row) -> None:
    supply = SupplyTerms(
        lead_days=number(row["lead days"]),
        review_days=number(row["review days"]),
        safety_days=number(row["safety days"]),
        service_percent=number(row["service %"]),
        lead_spread=number(row["lead spread"]),
    )
    plan = replenishing.plan_stock(number(row["demand"]), number(row["spread"]), supply)
    assert (plan.safety, plan.reorder_point, plan.level) == tuple(
        number(row[title]) for title in ("safety", "reorder point", "level")
    )


@pytest.mark.parametrize("row", read_table(PAGE, "Quantity"))
def test_quantity(row: Row) -> None:
    plan = StockPlan(Decimal(10), ZERO, Decimal(20), number(row["reorder point"]), number(row["level"]))
    supply = SupplyTerms(Decimal(7), minimum=number(row["minimum"]), pack=number(row["pack"]))
    got = replenishing.order_quantity(plan, Position(number(row["position"])), supply, got=number(row["by transfer"]))
    assert got == number(row["buy"])


def warehouses_of(text: str) -> dict[str, Decimal]:
    return {part.split()[0]: Decimal(part.split()[1]) for part in text.split(",")}


@pytest.mark.parametrize("row", read_table(PAGE, "Transfers"))
def test_transfers(row: Row) -> None:
    moves = replenishing.plan_transfers(warehouses_of(row["wanted"]), warehouses_of(row["to spare"]))
    shown = ", ".join(f"{move.source}→{move.target} {move.qty}" for move in moves)
    assert shown == row["transfers"]


@given(st.dictionaries(st.sampled_from("ABC"), quantities), st.dictionaries(st.sampled_from("BCD"), quantities))
def test_transfers_never_take_more_than_is_spare_or_bring_more_than_is_wanted(
    wanted: dict[str, Decimal], surplus: dict[str, Decimal]
) -> None:
    moves = replenishing.plan_transfers(wanted, surplus)
    for source, spare in surplus.items():
        assert sum(move.qty for move in moves if move.source == source) <= spare
    for target, need in wanted.items():
        assert sum(move.qty for move in moves if move.target == target) < need + 1
    assert all(move.source != move.target and move.qty > 0 for move in moves)


@given(quantities, quantities, st.decimals(-200, 800, places=2), quantities, st.integers(0, 24))
def test_a_purchase_is_whole_packs_and_reaches_the_level(
    demand: Decimal, spread: Decimal, position: Decimal, minimum: Decimal, pack: int
) -> None:
    supply = SupplyTerms(Decimal(5), minimum=minimum, pack=Decimal(pack))
    plan = replenishing.plan_stock(demand, spread, supply)
    qty = replenishing.order_quantity(plan, Position(position), supply)
    assert qty % (pack or 1) == 0
    if qty:
        assert position <= plan.reorder_point
        assert qty >= minimum
        assert position + qty >= plan.level
    else:
        assert position > plan.reorder_point or plan.reorder_point == 0


def test_season_and_event_count_on_their_days() -> None:
    seasons = (Season(date(2026, 6, 1), date(2026, 6, 20), Decimal(2)), Season(TODAY, TODAY, Decimal("1.5")))
    assert replenishing.season_factor(seasons, TODAY) == 3
    assert replenishing.season_factor(seasons, date(2026, 6, 21)) == 1
    event = PlannedEvent("618", date(2026, 6, 18), date(2026, 6, 19), Decimal(20))
    assert replenishing.event_rate([event], TODAY, Decimal(4)) == Decimal("2.5")  # one of its two days is in reach
    assert replenishing.event_rate([event], TODAY, Decimal(3)) == 0


def place(warehouse: str, available: int, sold: int = 10, policy: Policy | None = None, **fields: object) -> SkuPlace:
    days = tuple(Decimal(sold) for _ in range(90))
    supplier = SupplierTerms("SS-1", "S", "A", price=Decimal(3), pack=Decimal(12), lead_days=Decimal(5))
    values: dict[str, object] = {"supplier": supplier, **fields}
    return SkuPlace(
        "A",
        warehouse,
        "C",
        None,
        DailySales(days, tuple(True for _ in days)),
        Position(Decimal(available)),
        policy or Policy("P", DemandTerms()),
        **values,  # type: ignore[arg-type]
    )


def test_advice_buys_up_to_the_level_and_says_why() -> None:
    (advice,) = suggesting.advise([place("W", 20)], TODAY)
    assert (advice.plan.reorder_point, advice.plan.level) == (80, 150)
    assert advice.qty == 132  # 130 are missing, packs of 12
    told = {term.term: (term.value, term.origin) for term in advice.terms}
    assert told["Demand per day"][0] == 10
    assert told["Supplier's time"] == (5, "SS-1")
    assert told["Position"][0] == 20
    assert told["Quantity to buy"][0] == 132
    assert (advice.dates.cover_days, advice.dates.stock_out) == (2, TODAY + timedelta(days=2))
    assert advice.dates.order_by == TODAY - timedelta(days=6)


def test_every_term_of_the_formula_is_told() -> None:
    (advice,) = suggesting.advise([place("W", 20)], TODAY)
    told = {term.term for term in advice.terms}
    assert {"Growth", "Season factor", "Planned events", "Planning time", "Inspection time", "Transport time"} <= told
    assert {"Lead time", "Days between orders", "Safety days", "Spread of lead time", "Safety stock"} <= told
    assert {"Available", "On order", "Transfers on the way", "Good returns expected", "Backorders"} <= told
    assert {"Reorder point", "Order-up-to level", "Transfers first", "Minimum order", "Pack"} <= told


def test_transfers_come_first() -> None:
    short, rich = suggesting.advise([place("W", 20), place("X", 400)], TODAY)
    assert [(move.source, move.qty) for move in short.transfers] == [("X", 130)]
    assert (short.qty, rich.qty) == (0, 0)
    buying = Policy("P", DemandTerms(), transfer_first=False)
    bought, _ = suggesting.advise([place("W", 20, policy=buying), place("X", 400)], TODAY)
    assert (bought.transfers, bought.qty) == ((), 132)


def test_what_a_person_says_counts() -> None:
    said = Overrides(daily_sales=Decimal(2), lead_days=Decimal(1), review_days=Decimal(1), safety_days=Decimal(1))
    (advice,) = suggesting.advise([place("W", 3, overrides=said)], TODAY)
    assert (advice.plan.reorder_point, advice.plan.level, advice.qty) == (4, 6, 12)
    origins = {term.origin for term in advice.terms if term.term in ("Lead time", "Weighted sales per day")}
    assert origins == {"by hand"}


def test_the_sku_s_own_safety_stock_is_a_floor() -> None:
    (advice,) = suggesting.advise([place("W", 1000, safety_stock=Decimal(500))], TODAY)
    assert (advice.plan.safety, advice.plan.reorder_point) == (500, 550)


def test_the_most_exact_policy_wins() -> None:
    terms = DemandTerms()
    policies = [
        Policy("all", terms),
        Policy("warehouse", terms, warehouse="W"),
        Policy("category", terms, category="Cups"),
        Policy("other sku", terms, sku="B"),
    ]
    scope: dict[str, str | None] = {"sku": "A", "category": "Cups", "warehouse": "W", "company": "C", "supplier": None}
    assert suggesting.choose_policy(policies, scope).name == "category"
    assert suggesting.choose_policy(policies, {**scope, "sku": "B"}).name == "other sku"
    assert suggesting.choose_policy(policies[:2], {**scope, "warehouse": "X"}).name == "all"
    assert suggesting.choose_policy([], scope).name == ""
