"""The exposure meter counts every listing once, combos by their parts, and never shows less than what could be sold too much."""

from decimal import Decimal

import pytest
from algorithm_tables import Row, number, numbers, read_table
from ec_erp.channels.rules.exposure import Shown, exposures, worst_shown
from hypothesis import given
from hypothesis import strategies as st

ZERO = Decimal(0)
amounts = st.integers(0, 50).map(Decimal)
needs = st.dictionaries(st.sampled_from("AB"), st.integers(1, 4).map(Decimal), min_size=1)
listings = st.lists(st.tuples(st.sampled_from(["One", "Two"]), amounts, needs), max_size=6).map(
    lambda rows: [Shown(f"L{at}", company, items, own) for at, (company, items, own) in enumerate(rows)]
)
stock = st.dictionaries(
    st.tuples(st.sampled_from(["One", "Two"]), st.sampled_from("AB")), st.integers(-9, 99).map(Decimal)
)


@pytest.mark.parametrize("row", read_table("stock-publish.md", "Exposure"))
def test_the_page(row: Row) -> None:
    shown = [
        Shown(f"L{at}", "One", items, {"A": units})
        for at, (items, units) in enumerate(zip(numbers(row["items"]), numbers(row["units each"]), strict=True))
    ]
    found = exposures(shown, {("One", "A"): number(row["available"])})
    assert [(one.published, one.exposure) for one in found] == [(number(row["shown"]), number(row["exposure"]))]


@given(listings, stock)
def test_what_could_be_sold_too_much(shown: list[Shown], available: dict[tuple[str, str], Decimal]) -> None:
    found = exposures(shown, available)
    for one in found:
        own = [listing for listing in shown if listing.company == one.company]
        units = sum((listing.items * listing.needs.get(one.sku, ZERO) for listing in own), ZERO)
        there = max(ZERO, available.get((one.company, one.sku), ZERO))
        assert (one.published, one.exposure) == (units, max(ZERO, units - there))
    assert [one.exposure for one in found] == sorted((one.exposure for one in found), reverse=True)
    assert {name for one in found for name, _, _ in one.listings} == {one.listing for one in shown if one.items}


@given(amounts, amounts, st.booleans())
def test_what_is_under_way_may_be_shown_already(published: Decimal, wanted: Decimal, under_way: bool) -> None:
    shown = worst_shown(published, wanted, under_way=under_way)
    assert shown >= published
    assert shown == published or (under_way and shown == wanted)
