"""Goods leave by expiry and route and never from where they must not; the page's tables."""

from datetime import date
from decimal import Decimal

import pytest
from algorithm_tables import number, read_table
from ec_erp.inventory.rules.expiry import date_problems, expiry_of, latest_sale_of, receiving_problems
from ec_erp.inventory.rules.placing import ZONE_RANKS, put_into_place, refrozen, take_from_places
from ec_erp.inventory.types import (
    DEFECTIVE,
    GOOD,
    ON_HAND,
    Place,
    PlaceKey,
    StockKey,
    StockMove,
    StockTerms,
    Tracking,
)
from hypothesis import given
from hypothesis import strategies as st

KEY, TODAY = StockKey("A", "W"), date(2026, 11, 22)


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def place(
    bin_name: str, on_hand: int, sell_until: date | None = None, grade: str = GOOD, frozen: int = 0, allocated: int = 0
) -> Place:
    at = PlaceKey(KEY, bin_name, f"batch {sell_until}" if sell_until else "", grade)
    return Place(at, Decimal(on_hand), Decimal(frozen), Decimal(allocated), sell_until, sell_until)


def sale(qty: int, **what: str) -> StockMove:
    return StockMove(KEY, Decimal(-qty), "row", tracking=Tracking(**what))


def taken(places: list[Place], move: StockMove) -> dict[str | None, Decimal]:
    parts, _ = take_from_places(places, move, TODAY)
    return {tracking.bin: qty for tracking, qty in parts}


def test_what_leaves_first() -> None:
    rows = read_table("fefo.md", "What leaves first")
    places = [
        Place(
            PlaceKey(KEY, row["bin"], f"batch {row['expires']}", GOOD),
            number(row["on hand"]),
            number(row["frozen"]),
            number(row["allocated"]),
            day(row["expires"]),
            day(row["sold until"]),
            (ZONE_RANKS[row["zone"]], 0, 0, row["bin"]),
        )
        for row in rows
    ]
    assert taken(places, sale(12)) == {row["bin"]: number(row["gives"]) for row in rows if number(row["gives"])}


@pytest.mark.parametrize("row", read_table("fefo.md", "Dates"))
def test_dates_of_a_batch(row: dict[str, str]) -> None:
    length, unit = row["shelf life"].split()
    life = (0, int(length)) if unit == "months" else (int(length), 0)
    expiry = expiry_of(day(row["made"]), day(row["expires"]), *life)
    assert expiry == day(row["works out as expiring"])
    assert latest_sale_of(expiry, int(row["sale limit"])) == day(row["last day of sale"])


def test_a_batch_is_received_with_enough_days_left() -> None:
    assert receiving_problems("b", date(2026, 12, 22), 30, TODAY) == []
    assert receiving_problems("b", date(2026, 12, 21), 30, TODAY)
    assert date_problems(date(2026, 2, 1), date(2026, 1, 1))


def test_a_named_bin_gives_what_is_allocated_and_nothing_else_does() -> None:
    places = [place("A-01", 5, allocated=4), place("A-02", 1)]
    assert taken(places, sale(3)) == {"A-01": 1, "A-02": 1}
    assert taken(places, sale(3, bin="A-01")) == {"A-01": 3}


def test_what_is_not_sold_any_more_can_be_written_off() -> None:
    old = [place("A-01", 5, sell_until=date(2026, 11, 1), frozen=5)]
    assert taken(old, sale(2)) == {}
    assert taken(old, StockMove(KEY, Decimal(-2), "row", reach=ON_HAND)) == {"A-01": 2}


def test_grades_do_not_mix() -> None:
    places = [place("A-01", 5), place("D-01", 3, grade=DEFECTIVE)]
    assert taken(places, sale(8)) == {"A-01": 5}
    assert taken(places, sale(1, grade=DEFECTIVE)) == {"D-01": 1}


@pytest.mark.parametrize(
    ("grade", "is_return", "bin_name"),
    [(GOOD, False, "IN"), (GOOD, True, "BACK"), (DEFECTIVE, False, "BAD"), (DEFECTIVE, True, "BAD")],
)
def test_goods_arrive_where_the_warehouse_says(grade: str, is_return: bool, bin_name: str) -> None:
    terms = StockTerms(has_bins=True, receiving_bin="IN", return_bin="BACK", defective_bin="BAD")
    move = StockMove(KEY, Decimal(1), "row", tracking=Tracking(grade=grade), is_return=is_return)
    assert put_into_place(move, terms) == (Tracking(bin=bin_name, grade=grade), [])


def test_batched_goods_arrive_with_their_batch() -> None:
    _, problems = put_into_place(StockMove(KEY, Decimal(1), "row"), StockTerms(has_batch=True))
    assert [found.message for found in problems] == ["Say which batch of {0} it is"]


def test_freezing_follows_the_calendar() -> None:
    places = [place("A", 5, sell_until=TODAY), place("B", 5, sell_until=date(2026, 11, 21)), place("C", 2, frozen=2)]
    assert {changed.at.bin: changed.frozen for changed in refrozen(places, TODAY)} == {"B": 5, "C": 0}


amounts = st.lists(
    st.tuples(
        st.integers(0, 9), st.integers(0, 3), st.integers(0, 3), st.sampled_from([None, TODAY, date(2026, 1, 1)])
    ),
    max_size=8,
)


@given(amounts, st.integers(1, 40))
def test_no_place_gives_more_than_is_free(rows: list[tuple[int, int, int, date | None]], qty: int) -> None:
    places = [
        place(f"B-{at}", on_hand, until, frozen=frozen, allocated=allocated)
        for at, (on_hand, frozen, allocated, until) in enumerate(rows)
    ]
    parts, missing = take_from_places(places, sale(qty), TODAY)
    assert sum(part for _, part in parts) + missing == qty
    by_bin = {found.at.bin: found for found in places}
    for tracking, part in parts:
        source = by_bin[tracking.bin or ""]
        assert 0 < part <= source.on_hand - source.frozen - source.allocated
        assert source.sell_until != date(2026, 1, 1)
