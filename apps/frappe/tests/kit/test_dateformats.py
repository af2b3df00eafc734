"""Dates, times and durations are written in the reader's language and read back."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, time, timedelta

import pytest
from frappe_engine.kit import dateformats as formats
from hypothesis import given
from hypothesis import strategies as st

days = st.dates(min_value=date(1970, 1, 1), max_value=date(2068, 12, 31))
four_digit_years = st.sampled_from([name for name in formats.STRFTIME_OF if "yyyy" in name and "mmm" not in name])


@given(days, four_digit_years)
def test_a_written_date_is_read_as_the_same_date(day: date, pattern: str) -> None:
    written = formats.format_date(day, pattern)
    assert datetime.strptime(written, formats.strftime_of(pattern)).date() == day


@given(days, four_digit_years)
def test_the_pattern_of_a_written_date_is_guessed(day: date, pattern: str) -> None:
    written = formats.format_date(day, pattern)
    guessed = formats.guess_date_format(written)
    assert guessed is not None
    assert datetime.strptime(written, guessed).strftime(guessed) == written


@pytest.mark.parametrize(
    ("pattern", "locale", "expected"),
    [
        ("dd-mm-yyyy", "en", "05-01-2024"),
        ("d MMMM yyyy", "en", "5 January 2024"),
        ("long", "zh", "2024年1月5日"),
        ("EEEE", "zh", "星期五"),
        ("medium", "de", "05.01.2024"),
        ("long", "pt-BR", "5 de janeiro de 2024"),
        ("d/m/yy", "en", "5/1/24"),
        ("long", "xx", "2024-01-05"),
    ],
)
def test_dates_are_written_in_the_language(pattern: str, locale: str, expected: str) -> None:
    assert formats.format_date(date(2024, 1, 5), pattern, locale) == expected


def test_times_are_written_by_their_pattern() -> None:
    assert formats.format_time(time(22, 5, 9)) == "22:05:09"
    assert formats.format_time(time(22, 5, 9), "hh:mm a") == "10:05 PM"
    assert formats.format_time(time(22, 5, 9), "short", "zh") == "22:05"


@pytest.mark.parametrize(
    ("ago", "locale", "expected"),
    [
        (timedelta(minutes=2), "en", "2 minutes ago"),
        (timedelta(days=-1), "en", "in 1 day"),
        (timedelta(hours=1), "zh", "1小时前"),
        (timedelta(days=800), "en", "2 years ago"),
    ],
)
def test_distance_from_now_is_told_in_words(ago: timedelta, locale: str, expected: str) -> None:
    now = datetime(2024, 2, 29, 12)
    assert formats.pretty_date(now - ago, now, locale) == expected


def test_half_done_needs_as_long_again() -> None:
    start, now = datetime(2024, 1, 1, 10), datetime(2024, 1, 1, 11)
    assert formats.eta(start, now, 50) == timedelta(hours=1)


@given(st.integers(1, 10**7), st.booleans())
def test_a_duration_survives_its_text(seconds: int, hide_days: bool) -> None:
    assert formats.duration_to_seconds(formats.format_duration(seconds, hide_days)) == seconds


@pytest.mark.parametrize("text", ["abc", "1h1m", "2H", "5m ", "1.5h", "1s 1m"])
def test_other_texts_are_no_durations(text: str) -> None:
    with pytest.raises(formats.InvalidDuration):
        formats.duration_to_seconds(text)


def test_numeric_patterns_need_no_locale_data() -> None:
    program = (
        "import sys, datetime; from frappe_engine.kit import dateformats as f;"
        "f.format_date(datetime.date(2024, 1, 5), 'dd-mm-yyyy'); f.format_time(datetime.time(1));"
        "sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
