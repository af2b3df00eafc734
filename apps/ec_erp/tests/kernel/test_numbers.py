"""What documents hold becomes exact decimals; text that is no number is refused."""

from decimal import Decimal

import pytest
from ec_erp.kernel import numbers
from ec_erp.kernel.numbers import NotANumber, decimal_of, optional_decimal, plain
from ec_erp.kernel.quantity import is_whole, quantity_of
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("value", "decimal"),
    [(0.1, "0.1"), (None, "0"), ("", "0"), (7, "7"), (" 1,234.50 ", "1234.50"), (True, "1"), (Decimal("2.5"), "2.5")],
)
def test_values_become_the_decimal_a_person_reads(value: object, decimal: str) -> None:
    assert decimal_of(value) == Decimal(decimal)


@pytest.mark.parametrize("value", ["abc", "1e", "NaN", float("nan"), float("inf"), object(), [1]])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(NotANumber):
        decimal_of(value)


def test_not_given_and_zero_stay_apart() -> None:
    assert optional_decimal(None) is None
    assert optional_decimal(0) == 0


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6))
def test_plain_text_reads_back(value: Decimal) -> None:
    assert Decimal(plain(value)) == value
    assert "E" not in plain(value)


@given(st.decimals(min_value=0, max_value=999_999, places=9))
def test_quantities_survive_a_float(quantity: Decimal) -> None:
    assert quantity_of(float(quantity_of(quantity))) == quantity


@pytest.mark.parametrize("value", ["0.0000000001", "1234567890123456"])
def test_more_digits_than_are_kept_are_refused(value: str) -> None:
    with pytest.raises(NotANumber):
        quantity_of(value)


def test_pieces_are_whole() -> None:
    assert is_whole(Decimal("3.000"))
    assert not is_whole(Decimal("2.5"))


def test_zero_has_one_text_whatever_was_seen_before() -> None:
    assert [str(decimal_of(value)) for value in (-0.0, 0.0, -0.0)] == ["0.0"] * 3


def test_a_million_different_floats_do_not_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "_MOST_KNOWN", 10)
    assert [decimal_of(n + 0.5) for n in range(100)] == [Decimal(n) + Decimal("0.5") for n in range(100)]
    assert len(numbers._KNOWN) <= 10
