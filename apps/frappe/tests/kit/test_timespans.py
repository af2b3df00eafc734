"""Named spans of days and the periods of charts."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from frappe_engine.kit import dates, timespans
from hypothesis import given
from hypothesis import strategies as st

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))
grains = st.sampled_from(["Daily", "Weekly", "Monthly", "Quarterly", "Yearly"])
week_starts = st.sampled_from(dates.Weekday)


def span(name: str, today: date, first: int = 0) -> tuple[date, date]:
    found = timespans.timespan_range(name, today, first)
    assert found is not None
    return found


@given(days, st.sampled_from(["today", "this week", "this month", "this quarter", "this year"]), week_starts)
def test_this_holds_today(today: date, name: str, first: int) -> None:
    begin, end = span(name, today, first)
    assert begin <= today <= end


@given(days, st.sampled_from(["week", "month", "quarter", "year"]), week_starts)
def test_last_this_and_next_follow_without_a_gap(today: date, unit: str, first: int) -> None:
    last, this, following = (span(f"{which} {unit}", today, first) for which in ("last", "this", "next"))
    assert last[1] + timedelta(days=1) == this[0]
    assert this[1] + timedelta(days=1) == following[0]


@given(days, st.sampled_from([name for name in timespans.TIMESPANS if name.startswith("last")]))
def test_last_ends_by_today(today: date, name: str) -> None:
    begin, end = span(name, today)
    assert begin <= end <= today


@given(days, st.sampled_from([name for name in timespans.TIMESPANS if name.startswith("next")]))
def test_next_begins_with_today_or_later(today: date, name: str) -> None:
    begin, end = span(name, today)
    assert today <= begin <= end


@given(days)
def test_half_a_year_is_two_whole_quarters(today: date) -> None:
    assert span("last 6 months", today)[1] == span("last quarter", today)[1]
    assert span("next 6 months", today)[0] == span("next quarter", today)[0]


@pytest.mark.parametrize("name", ["", "Last Week", "last 365 days", "nonsense"])
def test_other_names_are_no_spans(name: str) -> None:
    assert timespans.timespan_range(name, date(2024, 1, 1)) is None


@given(days, st.integers(0, 800), grains, week_starts)
def test_periods_cover_all_days_between(first: date, length: int, grain: str, week: int) -> None:
    last = first + timedelta(days=length)
    endings = list(timespans.period_endings(first, last, grain, week))
    assert endings[0] >= first
    assert endings[-1] >= last
    assert all(timespans.period_beginning(day, grain, week) > before for before, day in pairwise(endings))


def test_charts_have_no_other_grain() -> None:
    with pytest.raises(timespans.UnknownTimeGrain):
        timespans.period_ending(date(2024, 1, 1), "Hourly")
