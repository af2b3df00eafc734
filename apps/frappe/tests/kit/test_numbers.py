"""Numbers are read from anything and rounded as their decimal text says."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from frappe_engine.kit.numbers import (
    BANKERS,
    BANKERS_LEGACY,
    COMMERCIAL,
    UnknownRoundingMethod,
    ceil,
    cint,
    floor,
    flt,
    remainder,
    round_to_multiple,
    rounded,
    safe_div,
    sbool,
)
from hypothesis import given
from hypothesis import strategies as st

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=5, allow_nan=False, allow_infinity=False)
anything = st.one_of(st.none(), st.text(), st.floats(), st.integers(), st.binary(), st.lists(st.integers()))


def to_decimals(value: Decimal, places: int, rounding: str) -> float:
    return float(value.quantize(Decimal(1).scaleb(-places), rounding=rounding))


@given(amounts, st.integers(0, 4))
def test_bankers_rounding_is_that_of_decimal_text(amount: Decimal, places: int) -> None:
    assert flt(float(amount), places, BANKERS) == to_decimals(amount, places, ROUND_HALF_EVEN)


@given(amounts, st.integers(0, 4))
def test_commercial_rounding_is_that_of_decimal_text(amount: Decimal, places: int) -> None:
    assert flt(float(amount), places, COMMERCIAL) == to_decimals(amount, places, ROUND_HALF_UP)


@given(amounts, st.integers(0, 4), st.sampled_from([BANKERS, COMMERCIAL, BANKERS_LEGACY]))
def test_rounding_twice_changes_nothing(amount: Decimal, places: int, method: str) -> None:
    once = flt(float(amount), places, method)
    assert flt(once, places, method) == once


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 9))
def test_rounding_never_moves_a_number_by_more_than_half_a_place(number: float, places: int) -> None:
    assert abs(flt(number, places) - number) <= 0.5 * 10**-places + abs(number) * 1e-15


@given(anything)
def test_reading_never_raises(value: object) -> None:
    assert isinstance(flt(value), float)
    assert isinstance(cint(value), int)


@given(st.integers())
def test_whole_numbers_of_any_size_survive_as_text(number: int) -> None:
    assert cint(str(number)) == number


@given(st.floats(min_value=-(2**53), max_value=2**53))
def test_floor_and_ceil_enclose_a_number(number: float) -> None:
    assert floor(number) <= number <= ceil(number)
    assert ceil(number) - floor(number) in (0, 1)


@pytest.mark.parametrize(
    ("value", "expected"), [("1,234.5", 1234.5), (" 12 ", 12.0), ("abc", 0.0), (None, 0.0), (True, 1.0)]
)
def test_flt_reads_text(value: object, expected: float) -> None:
    assert flt(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("1.9", 1), ("-1.9", -1), ("abc", 0), (None, 0), (math.inf, 0), (b"5", 5)]
)
def test_cint_cuts_towards_zero(value: object, expected: int) -> None:
    assert cint(value) == expected


def test_cint_gives_the_default_only_for_what_is_no_number() -> None:
    assert (cint("x", 7), cint(None, 7), cint("", 7), cint(0, 7), cint("0", 7)) == (7, 7, 7, 0, 0)


def test_legacy_rounding_gives_ties_upwards_beyond_precision_zero() -> None:
    assert (rounded(2.675, 2, BANKERS_LEGACY), rounded(-2.675, 2, BANKERS_LEGACY)) == (2.68, -2.67)
    assert (rounded(2.5, 0, BANKERS_LEGACY), rounded(3.5, 0, BANKERS_LEGACY)) == (2, 4)


def test_numbers_without_decimals_at_that_precision_are_left_alone() -> None:
    assert flt(1e14, 9) == 1e14
    assert flt(1.7976931348623157e308, 2) == 1.7976931348623157e308


def test_what_can_not_be_rounded_is_nothing() -> None:
    assert flt(math.inf, 2) == flt(math.nan, 2) == flt(-math.inf, 0, COMMERCIAL) == 0.0


def test_an_unknown_method_is_named() -> None:
    with pytest.raises(UnknownRoundingMethod, match="Nonsense"):
        flt(1.5, 0, "Nonsense")


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**4))
def test_remainder_is_exact_in_cents(cents: int, step_cents: int) -> None:
    assert remainder(cents / 100, step_cents / 100) == (cents % step_cents) / 100


def test_safe_div_of_nothing_is_nothing() -> None:
    assert (safe_div(1, 0), safe_div(1, 3), safe_div(2, 3, 4)) == (0.0, 0.33, 0.6667)


@pytest.mark.parametrize(("value", "expected"), [(1.02, 1.0), (1.03, 1.05), (1.07, 1.05), (1.08, 1.1), (-1.03, -1.05)])
def test_amounts_go_to_the_nearest_coin(value: float, expected: float) -> None:
    assert round_to_multiple(value, 0.05) == expected


def test_sbool_reads_only_clear_words() -> None:
    assert [sbool(word) for word in ("true", "FALSE", "1", "0", "yes", 1, None)] == [
        True,
        False,
        True,
        False,
        "yes",
        1,
        None,
    ]
