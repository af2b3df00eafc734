"""Bounds, shortage, age, turnover and lost sales are those of docs/algorithms/stock-watch.md, and keep their bounds."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from algorithm_tables import Row, number, numbers, read_table
from ec_erp.inventory.rules import watching
from ec_erp.inventory.rules.demand import DailySales, daily_sales
from ec_erp.inventory.rules.watching import AlertTerms, Hold
from hypothesis import given
from hypothesis import strategies as st

PAGE = "stock-watch.md"
NOW = datetime(2026, 6, 15, 12)
units = st.integers(0, 50).map(Decimal)


def sales_of(sold: list[Decimal], there: list[Decimal]) -> DailySales:
    return DailySales(tuple(sold), tuple(bool(day) for day in there))


@pytest.mark.parametrize("row", read_table(PAGE, "Sales per day"))
def test_sales_per_day(row: Row) -> None:
    assert watching.sales_rate(numbers(row["sold"]), row["basis"]) == number(row["per day"])


@pytest.mark.parametrize("row", read_table(PAGE, "Bounds"))
def test_bounds(row: Row) -> None:
    least, most = number(row["lower days"]), number(row["upper days"])
    rule = AlertTerms("R", "From Sales", window_days=1, lower_days=least, upper_days=most)
    found = watching.bounds(rule, sales_of([number(row["per day"])], [Decimal(1)]))
    assert watching.alert(number(row["available"]), found) == row["state"]


def test_the_most_exact_rule_holds() -> None:
    rules = [
        AlertTerms("co", "Fixed", company="C"),
        AlertTerms("wh", "Fixed", warehouse="W"),
        AlertTerms("wide", "Fixed", categories=frozenset({"all", "cups"})),
        AlertTerms("cat", "Fixed", categories=frozenset({"cups"})),
        AlertTerms("sku", "Fixed", sku="A"),
    ]
    where = {"warehouse": "W", "company": "C"}
    for sku, category, name in (("A", "cups", "sku"), ("B", "cups", "cat"), ("B", "all", "wide"), ("B", "x", "wh")):
        assert watching.terms_for(rules, sku=sku, category=category, **where).name == name  # type: ignore[union-attr]
    assert watching.terms_for(rules, sku="B", category="x", warehouse="V", company="D") is None


@given(st.integers(-20, 60), st.lists(st.tuples(st.integers(1, 9), st.integers(0, 2), st.integers(0, 5)), max_size=8))
def test_what_is_short_adds_up(there: int, orders: list[tuple[int, int, int]]) -> None:
    holds = [
        Hold("Order", str(at), Decimal(qty), priority, NOW + timedelta(hours=hour))
        for at, (qty, priority, hour) in enumerate(orders)
    ]
    short = watching.who_is_short(Decimal(there), holds)
    promised = sum((hold.qty for hold in holds), Decimal(0))
    assert sum((qty for _, qty in short), Decimal(0)) == max(Decimal(0), promised - max(0, there))
    assert [hold.priority for hold, _ in short] == sorted(hold.priority for hold, _ in short)


def test_unpaid_orders_are_short_before_paid_ones() -> None:
    unpaid = Hold("Order", "unpaid", Decimal(3), 1, NOW, soft=True)
    paid = Hold("Order", "paid", Decimal(4), 0, NOW + timedelta(hours=1))
    assert watching.who_is_short(Decimal(4), [unpaid, paid]) == [(unpaid, Decimal(3))]
    assert watching.who_is_short(Decimal(1), [unpaid, paid]) == [(unpaid, Decimal(3)), (paid, Decimal(3))]


@pytest.mark.parametrize("row", read_table(PAGE, "Age"))
def test_age(row: Row) -> None:
    assert watching.spread_age(number(row["on hand"]), numbers(row["received"])) == numbers(row["ages"])


@given(st.integers(0, 500).map(Decimal), st.lists(units, min_size=6, max_size=6), st.integers(0, 10**6))
def test_ages_add_up_in_units_and_in_cents(on_hand: Decimal, received: list[Decimal], cents: int) -> None:
    ages, value = watching.spread_age(on_hand, received), Decimal(cents) / 100
    assert sum(ages) == on_hand
    assert all(age <= came for age, came in zip(ages[:-1], received[:-1], strict=True))
    shares = watching.share_value(value, ages, "CNY")
    assert sum(shares) == (value if on_hand else 0)
    assert all(share == 0 for share, age in zip(shares, ages, strict=True) if not age)


def test_buckets_of_age() -> None:
    ages = (0, 30, 31, 90, 91, 180, 365, 366)
    assert [watching.age_bucket(age) for age in ages] == [0, 0, 1, 2, 3, 3, 4, 5]


@pytest.mark.parametrize("row", read_table(PAGE, "Turnover"))
def test_turnover(row: Row) -> None:
    wanted = number(row["turnover days"]) if row["turnover days"] else None
    days = int(row["days"])
    assert watching.turnover_days(number(row["average value"]), number(row["cost of sales"]), days) == wanted


@pytest.mark.parametrize("row", read_table(PAGE, "Slow, dead, missing"))
def test_lost_sales(row: Row) -> None:
    found = watching.lost_sales(sales_of(numbers(row["sold"]), numbers(row["in stock"])))
    assert found == (number(row["per day"]), int(row["days out"]), number(row["not sold"]))


def test_dead_slow_and_moving() -> None:
    for since, cover, kind in (
        (None, None, "Dead"),
        (90, 10, "Dead"),
        (1, 181, "Slow"),
        (1, None, "Slow"),
        (1, 180, "Moving"),
    ):
        days = None if cover is None else Decimal(cover)
        assert watching.movement_class(since, days, dead_after=90, slow_cover=Decimal(180)) == kind


@given(st.lists(st.tuples(units, st.integers(-50, 50).map(Decimal)), min_size=1, max_size=20), units)
def test_a_day_with_sales_out_of_stock_on_hand_was_in_stock(days: list[tuple[Decimal, Decimal]], now: Decimal) -> None:
    today = date(2026, 6, 15)
    wanted = [today - timedelta(days=back) for back in range(1, len(days) + 1)]
    changes = {day: change for day, (_, change) in zip(wanted, days, strict=True)}
    found = daily_sales({day: sold for day, (sold, _) in zip(wanted, days, strict=True)}, changes, now, wanted)
    assert found.sold == tuple(sold for sold, _ in days)
    assert found.in_stock[0] == (now > 0 or now - changes[wanted[0]] > 0)
    assert watching.lost_sales(found)[2] >= 0
