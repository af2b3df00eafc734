"""Where goods that are kept for a shop come from: the places with most first, never more than there is."""

from decimal import Decimal

import pytest
from algorithm_tables import Row, number, numbers, read_table
from ec_erp.channels.rules.sharing import spread_items, spread_units, whole_items
from ec_erp.inventory.types import StockKey
from hypothesis import given
from hypothesis import strategies as st

PLACES = ("East", "North", "West")
quantities = st.integers(-3, 40).map(Decimal)
free = st.dictionaries(st.builds(StockKey, st.sampled_from("AB"), st.sampled_from(PLACES)), quantities)
needs = st.dictionaries(st.sampled_from("AB"), st.integers(1, 4).map(Decimal), min_size=1)


@pytest.mark.parametrize("row", read_table("stock-escrow.md", "Where it is kept"))
def test_the_places_of_the_page(row: Row) -> None:
    there = {
        StockKey(sku, place): qty
        for sku in "AB"
        for place, qty in zip(PLACES, numbers(row[f"{sku} free"]), strict=True)
    }
    needed = dict(zip("AB", numbers(row["needs of A, B"]), strict=True))
    taken = spread_items(there, needed, PLACES, number(row["items"]))
    assert [taken.get(StockKey("A", place), Decimal(0)) for place in PLACES] == numbers(row["A taken"])


@given(free, needs, st.integers(0, 60).map(Decimal))
def test_items_come_whole_and_from_what_is_there(
    free: dict[StockKey, Decimal], needs: dict[str, Decimal], items: Decimal
) -> None:
    taken = spread_items(free, needs, PLACES, items)
    room = sum(whole_items(free, needs, place) for place in PLACES)
    for sku, units in needs.items():
        assert sum(qty for key, qty in taken.items() if key.sku == sku) == min(items, room) * units
    assert all(0 < qty <= free[key] for key, qty in taken.items())
    for place in PLACES:  # each item from one place
        assert len({taken.get(StockKey(sku, place), 0) / units for sku, units in needs.items()}) == 1


@given(free, st.integers(0, 90).map(Decimal))
def test_units_come_from_where_most_is(there: dict[StockKey, Decimal], units: Decimal) -> None:
    taken = spread_units(there, units)
    assert sum(taken.values()) == min(units, sum(max(Decimal(0), qty) for qty in there.values()))
    assert all(0 < qty <= there[key] for key, qty in taken.items())
    left = [qty for key, qty in there.items() if key not in taken]
    assert not taken or not left or min(there[key] for key in taken) >= max(left)
