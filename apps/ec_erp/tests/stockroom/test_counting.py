"""Counts: the page's shelf, and books that are right whatever moves around the scan."""

from datetime import datetime
from decimal import Decimal

import pytest
from algorithm_tables import number, read_table
from ec_erp.stockroom.rules.counting import book_at_scan, pieces_of_variance, status_after, variance
from ec_erp.stockroom.types import CountPlace, Moved
from hypothesis import given
from hypothesis import strategies as st

SHELF, OTHER = CountPlace("A", "P1"), CountPlace("A", "P2")


def at(hour: float) -> datetime:
    return datetime(2026, 11, 22, int(hour), int(hour % 1 * 60))


@pytest.mark.parametrize("row", read_table("counting.md", "A shelf counted at 10:00, posted at 12:00"))
def test_the_shelf_of_the_page(row: dict[str, str]) -> None:
    late, after = number(row["09:30, recorded 11:00"]), number(row["10:30"])
    moved = [Moved(SHELF, late, at(9.5)), Moved(SHELF, after, at(10.5)), Moved(OTHER, Decimal(99), at(11))]
    now = number(row["at 09:00"]) + late + after
    found = variance(number(row["counted at 10:00"]), book_at_scan(SHELF, at(10), now, moved))
    assert (found, now + found) == (number(row["variance"]), number(row["after posting"]))


@pytest.mark.parametrize("row", read_table("counting.md", "Pieces with serial numbers"))
def test_the_pieces_of_the_page(row: dict[str, str]) -> None:
    pieces = pieces_of_variance(number(row["variance"]), row["scanned"].split(), row["in the books"].split())
    assert " ".join(pieces) == row["numbers"]


def test_states() -> None:
    assert status_after({SHELF: False, OTHER: False}, resting=False) == "To Count"
    assert status_after({SHELF: True, OTHER: False}, resting=False) == "Counting"
    assert status_after({SHELF: True, OTHER: False}, resting=True) == "Part"
    assert status_after({SHELF: True, OTHER: True}, resting=True) == "To Settle"
    assert status_after({}, resting=False) == "To Count"


movements = st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 23)), max_size=20)


@given(movements, st.integers(0, 200), st.integers(0, 23))
def test_afterwards_a_place_holds_what_was_counted_and_what_moved_since(
    wanted: list[tuple[int, int]], counted: int, scan: int
) -> None:
    moved = [Moved(SHELF, Decimal(qty), at(hour)) for qty, hour in wanted]
    now = sum((move.qty for move in moved), Decimal(100))
    after = now + variance(Decimal(counted), book_at_scan(SHELF, at(scan), now, moved))
    assert after == counted + sum(move.qty for move in moved if move.moment > at(scan))
