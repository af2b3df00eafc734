"""Price lists: the page's tables, quantities that never make a unit dearer, and which list holds."""

from datetime import date
from decimal import Decimal

import pytest
from algorithm_tables import Row, number, read_table
from ec_erp.catalog.rules.prices import (
    ListedPrice,
    ListTerms,
    PriceSet,
    choose_list,
    list_problem,
    period_problems,
    quote,
)
from hypothesis import given
from hypothesis import strategies as st

OWN = PriceSet(retail=Decimal(20), wholesale=Decimal(15))
LISTED = [
    ListedPrice(Decimal(14), Decimal(10)),
    ListedPrice(Decimal(13), Decimal(100)),
    ListedPrice(Decimal("12.5"), Decimal(100), date(2026, 7, 1)),
    ListedPrice(Decimal(9), Decimal(10), date(2026, 6, 1), date(2026, 6, 30)),
]
DAY = date(2026, 6, 15)
LISTS = {
    "A": ListTerms("A", valid_to=date(2026, 6, 14)),
    "B": ListTerms("B", currency="USD"),
    "C": ListTerms("C", disabled=True),
    "D": ListTerms("D", currency="CNY"),
    "E": ListTerms("E", valid_from=DAY, valid_to=DAY),
}


@pytest.mark.parametrize("row", read_table("price-list.md", "Price of a quantity"))
def test_the_prices_of_the_page(row: Row) -> None:
    kind = row["list starts from"]
    terms = ListTerms("L", kind, number(row["percent"])) if kind else None
    listed = LISTED if row["listed"] == "yes" else []
    found = quote(OWN, terms, listed, number(row["quantity"]), date.fromisoformat(row["day"]), "CNY")
    assert str(found.rate) == row["price"]
    assert found.why.message.format(*found.why.values) == row["why"]


@pytest.mark.parametrize("row", read_table("price-list.md", "Which list"))
def test_which_list_holds(row: Row) -> None:
    found = choose_list([LISTS.get(row[place]) for place in ("customer", "level", "shop")], "CNY", DAY)
    assert (found.name if found else "") == row["list"]


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 9999)), max_size=8), st.integers(1, 300))
def test_the_price_is_one_that_is_reached(tiers: list[tuple[int, int]], qty: int) -> None:
    listed = [ListedPrice(Decimal(price) / 100, Decimal(least)) for least, price in tiers]
    found = quote(OWN, ListTerms("L"), listed, Decimal(qty), DAY, "CNY").rate
    reached = [one for one in listed if one.min_qty <= qty]
    most = max((one.min_qty for one in reached), default=None)
    assert found in ({one.price for one in reached if one.min_qty == most} or {OWN.retail})


@given(st.integers(1, 100_000), st.integers(1, 200))
def test_a_percentage_is_rounded_to_the_cent(cents: int, percent: int) -> None:
    own = PriceSet(retail=Decimal(cents) / 100)
    rate = quote(own, ListTerms("L", percent=Decimal(percent)), [], Decimal(1), DAY, "CNY").rate
    assert rate == rate.quantize(Decimal("0.01"))
    assert abs(rate - own.retail * percent / 100) <= Decimal("0.005")


def test_a_list_says_why_it_can_not_be_used() -> None:
    found = {name: list_problem(terms, "CNY", DAY) for name, terms in LISTS.items()}
    assert [name for name, why in found.items() if why] == ["A", "B", "C"]


def test_a_price_does_not_end_before_it_begins() -> None:
    assert period_problems(DAY, DAY) == []
    assert period_problems(DAY, date(2026, 6, 14))
