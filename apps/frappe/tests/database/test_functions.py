"""MariaDB's functions on SQLite agree with Python's calendar and arithmetic, on both databases."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from frappe_engine.database.functions.dates import week_number
from hypothesis import given
from hypothesis import strategies as st

days = st.dates(date(1600, 1, 1), date(7000, 12, 31))
moments = st.datetimes(datetime(1600, 1, 1), datetime(7000, 12, 31))
numbers = st.decimals(-10_000, 10_000, places=4)


@given(days, st.integers(-500_000, 500_000))
def test_days_are_added(queried_sql: Any, day: date, count: int) -> None:
    expected = day + timedelta(days=count)
    assert str(queried_sql("select date_add(%s, interval %s day)", (day, count))) == str(expected)


def test_a_day_out_of_range_is_null(queried_sql: Any) -> None:
    assert queried_sql("select date_add('9999-12-31', interval 1 day)") is None
    assert queried_sql("select year('no date')") is None


@given(days, st.integers(-600, 600))
def test_months_are_added_and_stay_inside_the_month(queried_sql: Any, day: date, count: int) -> None:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    expected = date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    assert str(queried_sql("select date_add(%s, interval %s month)", (day, count))) == str(expected)


@given(moments, st.sampled_from(["second", "minute", "hour"]), st.integers(-100_000, 100_000))
def test_seconds_minutes_and_hours_are_added(queried_sql: Any, moment: datetime, unit: str, count: int) -> None:
    expected = moment + timedelta(**{f"{unit}s": count})
    found = queried_sql(f"select cast(date_add(%s, interval {count} {unit}) as char)", (moment,))
    assert datetime.fromisoformat(found) == expected


@given(days, days)
def test_days_between(queried_sql: Any, one: date, two: date) -> None:
    assert queried_sql("select datediff(%s, %s)", (one, two)) == (one - two).days


@given(moments, moments)
def test_whole_seconds_between(queried_sql: Any, one: datetime, two: datetime) -> None:
    microseconds = (two - one) // timedelta(microseconds=1)
    expected = abs(microseconds) // 1_000_000 * (1 if microseconds >= 0 else -1)
    assert queried_sql("select timestampdiff(second, %s, %s)", (one, two)) == expected


@given(days, days)
def test_whole_months_between(queried_sql: Any, one: date, two: date) -> None:
    early, late = min(one, two), max(one, two)
    months = (late.year - early.year) * 12 + late.month - early.month - (late.day < early.day)
    assert queried_sql("select timestampdiff(month, %s, %s)", (one, two)) == (months if one <= two else -months)


@given(moments)
def test_parts_of_a_moment(queried_sql: Any, moment: datetime) -> None:
    found = queried_sql(
        "select concat_ws(' ', year(x), month(x), day(x), hour(x), minute(x), second(x), quarter(x), dayofyear(x), weekday(x))"
        " from (select %s as x) t",
        (moment,),
    )
    expected = [
        moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second,
        (moment.month + 2) // 3, moment.timetuple().tm_yday, moment.weekday(),
    ]  # fmt: skip
    assert found == " ".join(map(str, expected))


@given(moments)
def test_formats_agree_with_strftime(queried_sql: Any, moment: datetime) -> None:
    form = "%Y-%m-%d %H:%i:%s %j %W %M %a %b %p %y"
    expected = moment.strftime("%Y-%m-%d %H:%M:%S %j %A %B %a %b %p %y")
    assert queried_sql("select date_format(%s, %s)", (moment, form)) == expected


@given(moments)
def test_a_formatted_moment_is_read_again(queried_sql: Any, moment: datetime) -> None:
    form = "%d.%m.%Y %H-%i-%s"
    found = queried_sql("select cast(str_to_date(%s, %s) as char)", (moment.strftime("%d.%m.%Y %H-%M-%S"), form))
    assert datetime.fromisoformat(found) == moment.replace(microsecond=0)


@given(days, st.integers(0, 7))
def test_weeks_in_all_modes(queried_sql: Any, day: date, mode: int) -> None:
    moment = datetime(day.year, day.month, day.day)
    assert queried_sql("select week(%s, %s)", (day, mode)) == week_number(moment, mode)[1]


@given(days)
def test_iso_weeks_agree_with_python(day: date) -> None:
    moment = datetime(day.year, day.month, day.day)
    assert week_number(moment, 3) == day.isocalendar()[:2]
    assert week_number(moment, 1)[1] == int(day.isocalendar().week) or day.month in (1, 12)


@given(days)
def test_the_last_day_of_the_month(queried_sql: Any, day: date) -> None:
    assert str(queried_sql("select last_day(%s)", (day,))) == str(
        day.replace(day=calendar.monthrange(day.year, day.month)[1])
    )


@given(numbers, st.integers(0, 3))
def test_halves_are_rounded_away_from_zero(queried_sql: Any, number: Decimal, digits: int) -> None:
    expected = float(number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
    assert float(queried_sql(f"select round({number:f}, {digits})")) == pytest.approx(expected)


@given(numbers, numbers)
def test_the_rest_of_a_division_has_the_sign_of_the_dividend(queried_sql: Any, one: Decimal, two: Decimal) -> None:
    found = queried_sql(f"select ({one:f}) % ({two:f})")
    assert found is None if two == 0 else float(found) == pytest.approx(float(one % two), abs=1e-9)


@given(st.text("abc,. %_", max_size=12), st.sampled_from([",", ".", "a"]), st.integers(-3, 3))
def test_parts_of_a_text(queried_sql: Any, text: str, separator: str, count: int) -> None:
    parts = text.split(separator)
    expected = separator.join(parts[:count] if count > 0 else parts[count:]) if count else ""
    assert queried_sql("select substring_index(%s, %s, %s)", (text, separator, count)) == expected


@given(st.text("abcÄ中", max_size=6), st.text("abcÄ中", max_size=10))
def test_where_a_text_begins(queried_sql: Any, needle: str, text: str) -> None:
    assert queried_sql("select locate(%s, %s)", (needle, text)) == text.lower().find(needle.lower()) + 1


@given(st.lists(st.one_of(st.none(), st.text("abc", max_size=3)), min_size=1, max_size=5))
def test_texts_are_joined(queried_sql: Any, parts: list[str | None]) -> None:
    marks = ", ".join(["%s"] * len(parts))
    given_parts = [part for part in parts if part is not None]
    assert queried_sql(f"select concat_ws('-', {marks})", tuple(parts)) == "-".join(given_parts)
    assert queried_sql(f"select concat({marks})", tuple(parts)) == (None if None in parts else "".join(given_parts))
