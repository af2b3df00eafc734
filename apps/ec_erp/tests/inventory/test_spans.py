"""Spans of days: every day is in exactly one part, and counts in an average as often as it should."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from algorithm_tables import read_table
from ec_erp.inventory.rules.spans import latest, parts_of, spans_by_age, starts_of, weight_on, weighted
from hypothesis import given
from hypothesis import strategies as st

days = st.dates(min_value=date(2025, 11, 1), max_value=date(2026, 5, 31))
ends = st.none() | days


def found(parts, day):
    """Return the kinds of the parts whose sums a day is in."""
    starts = dict(starts_of(day))
    return [part.period for part in parts if part.holds(starts[part.period])]


@pytest.mark.parametrize("row", read_table("stock-watch.md", "What a span is read from"))
def test_the_parts_of_the_page(row: dict[str, str]) -> None:
    first, last = (date.fromisoformat(text) if text else None for text in (row["from"], row["to"]))
    wanted = [row["read from"]] if row["read from"] else []
    assert found(parts_of(first, last), date.fromisoformat(row["day"])) == wanted


@given(ends, ends, days)
def test_every_day_of_a_span_is_in_one_part(first: date | None, last: date | None, day: date) -> None:
    inside = (first is None or first <= day) and (last is None or day <= last)
    assert len(found(parts_of(first, last), day)) == inside


@given(st.lists(days, min_size=1, max_size=5, unique=True).map(sorted), days)
def test_a_change_counts_in_every_later_sample(samples: list[date], day: date) -> None:
    counted = sum(weight * len(found(parts, day)) for weight, parts in weighted(samples))
    assert counted == weight_on(samples, day) == len([sample for sample in samples if sample >= day])


@given(days, days)
def test_every_day_is_in_one_span_of_age(today: date, day: date) -> None:
    bounds = (30, 60, 90)
    counted = [len(found(parts_of(*span), day)) for span in spans_by_age(today, bounds)]
    assert counted.index(1) == sum((today - day).days > bound for bound in bounds)
    assert sum(counted) == 1


@given(st.dictionaries(days, st.integers(-2, 3).map(Decimal), max_size=6))
def test_the_latest_day_has_more_than_nothing(quantities: dict[date, Decimal]) -> None:
    last = latest(quantities)
    assert last is None or quantities[last] > 0
    assert all(qty <= 0 for day, qty in quantities.items() if last is None or day > last)


def test_whole_months_are_not_read_day_by_day() -> None:
    parts = parts_of(date(2026, 1, 31), date(2026, 4, 1))
    assert sum((part.before - part.first) // timedelta(days=1) for part in parts if part.period == "Day") == 2
