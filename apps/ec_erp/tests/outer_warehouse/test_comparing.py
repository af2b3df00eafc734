"""The difference to a provider: the page's cups, and that nothing is booked twice."""

from decimal import Decimal

import pytest
from algorithm_tables import number, read_table
from ec_erp.outer_warehouse.rules.comparing import compare, to_count
from ec_erp.outer_warehouse.types import Compared
from hypothesis import given
from hypothesis import strategies as st

KEY = ("CUP", "Good")
quantities = st.integers(0, 50).map(Decimal)


@pytest.mark.parametrize(
    "row", read_table("outer-stock-difference.md", "Cups at a provider"), ids=lambda row: row["case"]
)
def test_the_cups_of_the_page(row: dict[str, str]) -> None:
    found = Compared("CUP", "Good", number(row["outer"]), number(row["own"]), number(row["in flight"]))
    figures = (found.difference, found.explained, found.to_settle)
    assert figures == (number(row["difference"]), number(row["explained"]), number(row["to settle"]))
    assert to_count([found]) == ({KEY: number(row["counted"])} if row["counted"] else {})


@given(quantities, quantities, quantities)
def test_the_parts_make_the_difference_and_the_explained_one_is_in_flight(
    outer: Decimal, own: Decimal, in_flight: Decimal
) -> None:
    found = Compared("CUP", "Good", outer, own, in_flight)
    assert found.explained + found.to_settle == found.difference == outer - own
    assert -in_flight <= found.explained <= 0


@given(quantities, st.integers(0, 50), st.integers(0, 50))
def test_count_and_confirmations_together_end_at_what_is_there(outer: Decimal, left: int, missing: int) -> None:
    own = outer + left + missing  # `left` has left unconfirmed, `missing` is gone
    (found,) = compare({KEY: outer}, {KEY: own}, {"CUP": Decimal(left)}, whole=False)
    assert own + found.to_settle - left == outer


def test_only_a_whole_snapshot_misses_what_it_does_not_list() -> None:
    own = {KEY: Decimal(3), ("BOWL", "Good"): Decimal(0)}
    assert compare({}, own, {}, whole=False) == []
    assert compare({}, own, {}, whole=True) == [Compared("CUP", "Good", Decimal(0), Decimal(3))]


def test_defective_pieces_are_never_in_flight() -> None:
    key = ("CUP", "Defective")
    (found,) = compare({key: Decimal(1)}, {key: Decimal(2)}, {"CUP": Decimal(5)}, whole=False)
    assert found.to_settle == -1
