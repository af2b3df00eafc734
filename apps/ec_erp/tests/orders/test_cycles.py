"""Turns of periodic orders lose no unit, no cent and no delivery."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from algorithm_tables import Row, number, numbers, read_table
from ec_erp.kernel.numbers import plain
from ec_erp.orders.rules import cycles
from ec_erp.orders.rules.cycles import Rhythm
from ec_erp.orders.rules.splitting import SplitLine
from hypothesis import given
from hypothesis import strategies as st

PAGE = "periodic-delivery.md"
rhythms = st.builds(
    Rhythm,
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.integers(1, 12),
    st.sampled_from(cycles.PERIODS),
    st.integers(2, 24),
)


@pytest.mark.parametrize("row", read_table(PAGE, "Days"))
def test_days_of_the_page(row: Row) -> None:
    rhythm = Rhythm(date.fromisoformat(row["first"]), int(row["every"]), row["period"], int(row["times"]))
    assert ", ".join(str(turn.due) for turn in cycles.turns_of(rhythm)) == row["days"]


@pytest.mark.parametrize("row", read_table(PAGE, "Shares of a line"))
def test_quantities_of_the_page(row: Row) -> None:
    line = SplitLine("L", number(row["quantity"]), whole_units=row["whole"] == "yes")
    found = cycles.quantities(line, int(row["times"]))
    assert ", ".join(plain(qty) for qty in found) == row["quantities"]


@pytest.mark.parametrize("row", read_table(PAGE, "Amounts"))
def test_amounts_of_the_page(row: Row) -> None:
    paid = [[Decimal(part) for part in line.split()] for line in row["paid"].split(";")]
    assert cycles.amounts_of(number(row["total"]), paid, len(paid[0])) == numbers(row["amounts"])


@pytest.mark.parametrize("row", read_table(PAGE, "Skipping"))
def test_skipping_of_the_page(row: Row) -> None:
    rhythm = Rhythm(date(2026, 11, 23), 1, cycles.WEEKS, 3)
    turns = cycles.turns_of(rhythm)
    for one in row["skipped"].split(","):
        turns = cycles.skip(turns, int(one), rhythm)
    assert ", ".join(f"{turn.number} {turn.share} {turn.due} {turn.state}" for turn in turns) == row["turns"]


@given(rhythms)
def test_days_follow_each_other_and_months_keep_their_day(rhythm: Rhythm) -> None:
    days = [turn.due for turn in cycles.turns_of(rhythm)]
    assert days[0] == rhythm.first
    assert all(before < after for before, after in pairwise(days))
    assert rhythm.period != cycles.MONTHS or all(
        day.day == rhythm.first.day or (day + timedelta(days=1)).day == 1 for day in days
    )


@given(st.decimals(min_value="0.001", max_value=999, places=3), st.booleans(), st.integers(2, 40))
def test_every_unit_is_in_one_share_and_shares_are_even(qty: Decimal, whole: bool, times: int) -> None:
    qty = Decimal(int(qty) + 1) if whole else qty
    found = cycles.quantities(SplitLine("L", qty, whole_units=whole), times)
    assert sum(found) == qty
    assert len(found) == times
    assert max(found) - min(found) <= (1 if whole else Decimal("0.001"))


@given(rhythms, st.lists(st.integers(1, 40), max_size=6), st.lists(st.integers(0, 200), max_size=6))
def test_every_share_has_one_turn_that_is_not_skipped(rhythm: Rhythm, skipped: list[int], moved: list[int]) -> None:
    turns = cycles.turns_of(rhythm)
    for at, wanted in enumerate(skipped):
        if not cycles.turn_problems(turns, wanted):
            day = rhythm.first + timedelta(days=moved[at] if at < len(moved) else 0)
            turns = cycles.postpone(turns, wanted, day)
            turns = cycles.skip(turns, wanted, rhythm)
            assert turns[-1].due > max(turn.due for turn in turns[:-1])
    kept = [turn.share for turn in turns if turn.state != cycles.SKIPPED]
    assert sorted(kept) == list(range(rhythm.times))
    assert [turn.number for turn in turns] == list(range(1, len(turns) + 1))


def test_what_is_due_is_made_once_and_the_state_follows() -> None:
    turns = cycles.turns_of(Rhythm(date(2026, 11, 23), 1, cycles.WEEKS, 2))
    assert [turn.number for turn in cycles.due_turns(turns, date(2026, 11, 20), 3)] == [1]
    turns = cycles.mark_made(turns, [1])
    assert cycles.due_turns(turns, date(2026, 11, 23), 3) == []
    assert (cycles.state_of(turns), cycles.next_due(turns)) == (cycles.ACTIVE, date(2026, 11, 30))
    assert cycles.state_of(cycles.mark_made(turns, [2])) == cycles.DONE
    assert cycles.state_of(cycles.stop(turns)) == cycles.STOPPED


def test_an_order_with_too_few_units_is_refused() -> None:
    lines = [SplitLine("A", Decimal(2)), SplitLine("B", Decimal(3))]
    assert cycles.share_problems(lines, 3) == []
    assert len(cycles.share_problems(lines, 4)) == 1
    assert cycles.share_problems([SplitLine("K", Decimal("0.5"), whole_units=False)], 4) == []
