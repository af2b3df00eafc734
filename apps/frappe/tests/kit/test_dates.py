"""Dates are read, moved and written without looking at a clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from frappe_engine.kit import dates
from hypothesis import given
from hypothesis import strategies as st

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))
moments = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 12, 31))
week_starts = st.sampled_from(dates.Weekday)


@given(days)
def test_a_date_survives_its_text(day: date) -> None:
    assert dates.getdate(dates.date_text(day)) == day


@given(moments)
def test_a_moment_survives_its_text(moment: datetime) -> None:
    assert dates.get_datetime(dates.datetime_text(moment)) == moment


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=40)))
def test_a_span_survives_its_text(span: timedelta) -> None:
    assert dates.get_timedelta(dates.format_timedelta(span)) == span
    assert dates.get_timedelta(str(span)) == span


@given(st.times())
def test_a_time_of_day_survives_its_text(moment: time) -> None:
    assert dates.get_time(moment.isoformat()) == moment
    assert dates.get_time(dates.to_timedelta(moment)) == moment


@given(days, st.integers(-1200, 1200))
def test_months_there_and_back_lose_only_days_that_the_month_lacks(day: date, months: int) -> None:
    there = dates.shift(day, months=months)
    back = dates.shift(there, months=-months)
    assert (back.year, back.month) == (day.year, day.month)
    assert back.day == min(day.day, there.day)


@given(days, st.integers(-1200, 1200))
def test_months_move_the_month_by_their_number(day: date, months: int) -> None:
    there = dates.shift(day, months=months)
    assert (there.year - day.year) * 12 + there.month - day.month == months


@given(days, st.integers(-30000, 30000))
def test_days_there_and_back_is_the_same_day(day: date, count: int) -> None:
    assert dates.shift(dates.shift(day, days=count), days=-count) == day


@given(moments, st.integers(-(10**6), 10**6))
def test_text_moves_as_the_moment_does(moment: datetime, seconds: int) -> None:
    moved = dates.add_to_date(dates.datetime_text(moment), seconds=seconds)
    assert dates.get_datetime(moved) == moment + timedelta(seconds=seconds)


@given(days, week_starts)
def test_a_week_holds_its_day(day: date, first: dates.Weekday) -> None:
    start, end = dates.week_start(day, first), dates.week_end(day, first)
    assert start <= day <= end
    assert (end - start).days == 6
    assert dates.weekday_index(start) == first


@given(days)
def test_month_quarter_and_year_enclose_their_day(day: date) -> None:
    bounds = [
        (dates.first_day_of_month(day), dates.last_day_of_month(day)),
        (dates.quarter_start(day), dates.quarter_end(day)),
        (dates.year_start(day), dates.year_end(day)),
    ]
    assert all(first <= day <= last for first, last in bounds)
    assert all((last + timedelta(days=1)).day == 1 for _first, last in bounds if last < date(2200, 12, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-15T10:11:12Z", date(2024, 1, 15)),
        ("15-01-2024", date(2024, 1, 15)),
        ("01/02/2024", date(2024, 1, 2)),
        ("5 January 2024", date(2024, 1, 5)),
        ("20240115", date(2024, 1, 15)),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, expected: date) -> None:
    assert dates.getdate(text) == expected


def test_the_day_can_stand_first() -> None:
    assert dates.getdate("01/02/2024", day_first=True) == date(2024, 2, 1)


def test_an_empty_date_is_the_day_that_the_caller_calls_today() -> None:
    today = date(2024, 2, 29)
    assert dates.getdate("", today) == dates.getdate(None, today) == today
    assert dates.getdate(None) is None


def test_what_a_text_leaves_open_comes_from_today() -> None:
    assert dates.getdate("2023", date(2024, 5, 6)) == date(2023, 5, 6)


@pytest.mark.parametrize("text", ["0000-00-00", "0001-01-01", "0000-00-00 00:00:00"])
def test_zero_dates_are_no_dates(text: str) -> None:
    assert dates.getdate(text) is None
    assert dates.get_datetime(text) is None


@pytest.mark.parametrize("text", ["abc", "2024-13-01", "2024-02-30", "2024-01-15 25:00:00", "today"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(dates.InvalidDate):
        dates.getdate(text)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [("2024-01-31", 1, "2024-02-29"), ("2023-01-31", 1, "2023-02-28"), ("2024-03-31", -1, "2024-02-29")],
)
def test_the_day_is_cut_to_the_length_of_the_month(start: str, months: int, expected: str) -> None:
    assert dates.add_to_date(start, months=months) == expected


def test_text_keeps_its_kind() -> None:
    assert dates.add_to_date("2024-01-31", days=1) == "2024-02-01"
    assert dates.add_to_date("2024-01-31", hours=1) == "2024-01-31 01:00:00.000000"
    assert dates.add_to_date(date(2024, 1, 31), hours=1) == datetime(2024, 1, 31, 1)
    assert dates.add_to_date(date(2024, 1, 31), days=1, as_string=True) == "2024-02-01"


def test_months_must_be_whole() -> None:
    with pytest.raises(ValueError, match="whole"):
        dates.shift(date(2024, 1, 1), months=1.5)  # type: ignore[arg-type]


def test_the_calendar_ends() -> None:
    with pytest.raises(OverflowError):
        dates.shift(date(9999, 12, 31), months=1)


def test_spans_can_be_negative_and_longer_than_a_day() -> None:
    assert dates.format_timedelta(timedelta(hours=-5)) == "-5:00:00"
    assert dates.format_timedelta(timedelta(days=2, seconds=3)) == "48:00:03"
    assert dates.parse_timedelta("-1 day, 23:00:00") == timedelta(hours=-1)


@pytest.mark.parametrize("text", ["abc", "10:11", "1 week, 1:00:00", "-1:00:00", "", "a:b:c"])
def test_other_texts_are_no_spans(text: str) -> None:
    assert dates.parse_timedelta(text) is None


@pytest.mark.parametrize("value", [None, 5, [], "25:61:00"])
def test_what_is_no_time_is_refused(value: object) -> None:
    with pytest.raises(dates.InvalidDate):
        dates.get_time(value)


def test_a_leap_century_has_29_days() -> None:
    assert [dates.days_in_month(year, 2) for year in (1900, 2000, 2023, 2024)] == [28, 29, 28, 29]
