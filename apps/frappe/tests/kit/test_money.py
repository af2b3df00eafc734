"""Money is written in every number format, and in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from frappe_engine.kit import money
from frappe_engine.kit.money import CurrencyStyle
from hypothesis import given
from hypothesis import strategies as st

USD = CurrencyStyle("USD", "$", fraction="Cent", number_format="#,###.##")
CNY = CurrencyStyle("CNY", "¥", fraction="Fen", number_format="#,###.##")
formats_with_cents = st.sampled_from([name for name, (_, _, decimals) in money.NUMBER_FORMATS.items() if decimals == 2])


def read_back(text: str, number_format: str) -> Decimal:
    decimal_mark, group_mark, _decimals = money.get_number_format_info(number_format)
    return Decimal(text.replace(group_mark, "").replace(decimal_mark, "."))


@given(st.integers(-(10**14), 10**14), formats_with_cents)
def test_a_written_amount_is_read_as_the_same_amount(cents: int, number_format: str) -> None:
    written = money.fmt_money(cents / 100, number_format=number_format)
    assert read_back(written, number_format) == Decimal(f"{cents / 100:.2f}")


@given(st.integers(0, 10**15 - 1), formats_with_cents)
def test_groups_have_three_digits_or_two_in_india(number: int, number_format: str) -> None:
    decimal_mark, group_mark, _ = money.get_number_format_info(number_format)
    groups = money.fmt_money(number, number_format=number_format).split(decimal_mark)[0].split(group_mark)
    inner = 2 if number_format == money.INDIAN_NUMBER_FORMAT else 3
    assert all(len(group) == inner for group in groups[1:-1])
    assert len(groups) == 1 or len(groups[-1]) == 3


@pytest.mark.parametrize(
    ("amount", "number_format", "expected"),
    [
        (1234567.891, "#,###.##", "1,234,567.89"),
        (1234567.891, "#.###,##", "1.234.567,89"),
        (1234567.891, "# ###,##", "1 234 567,89"),
        (1234567.891, "#'###.##", "1'234'567.89"),
        (1234567.891, "#,##,###.##", "12,34,567.89"),
        (1234567.891, "#,###", "1,234,568"),
        (-0.001, "#,###.##", "0.00"),
    ],
)
def test_number_formats(amount: float, number_format: str, expected: str) -> None:
    assert money.fmt_money(amount, number_format=number_format) == expected


def test_the_sign_stands_where_the_currency_wants_it() -> None:
    euro = CurrencyStyle("EUR", "€", symbol_on_right=True)
    assert money.fmt_money(-5, currency=euro) == "-5.00 €"
    assert money.fmt_money(5, currency=CurrencyStyle("XXX")) == "XXX 5.00"


def test_zeros_beyond_the_coin_are_not_shown() -> None:
    assert money.fmt_money(1000, precision=4, currency=USD) == "$ 1,000.00"
    assert money.fmt_money(1234.5678, precision=4, currency=USD) == "$ 1,234.5678"


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (900.5, "USD Nine Hundred and Fifty Cent only."),
        (0.05, "Five Cent only."),
        (0, "USD Zero only."),
        (-5, ""),
        ("abc", ""),
    ],
)
def test_amounts_in_english_words(amount: object, expected: str) -> None:
    assert money.money_in_words(amount, USD) == expected


def test_indian_amounts_count_in_lakh() -> None:
    rupee = CurrencyStyle("INR", fraction="Paisa", number_format=money.INDIAN_NUMBER_FORMAT)
    assert money.money_in_words(100000, rupee) == "INR One Lakh only."


def test_a_currency_without_coins_is_rounded() -> None:
    yen = CurrencyStyle("JPY", number_format="#,###")
    assert money.money_in_words(1234.5, yen) == "JPY One Thousand, Two Hundred And Thirty Four only."


# 银发〔1997〕393号, annex 1, examples of the rule and its neighbours
@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (1409.5, "人民币壹仟肆佰零玖元伍角整"),
        (6007.14, "人民币陆仟零柒元壹角肆分"),
        (1680.32, "人民币壹仟陆佰捌拾元叁角贰分"),
        (107000.53, "人民币壹拾万柒仟元伍角叁分"),
        (16409.02, "人民币壹万陆仟肆佰零玖元零贰分"),
        (325.04, "人民币叁佰贰拾伍元零肆分"),
        (100000000, "人民币壹亿元整"),
        (1000010000, "人民币壹拾亿零壹万元整"),
        (0, "人民币零元整"),
        (0.5, "人民币伍角整"),
        (0.05, "人民币伍分"),
    ],
)
def test_amounts_in_chinese_capitals(amount: float, expected: str) -> None:
    assert money.money_in_words(amount, CNY, language="zh") == expected


VALUES = {char: digit for digit, char in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read_capitals(text: str) -> int:
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = text.rpartition(unit)
        if found:
            return read_capitals(head) * size + read_capitals(tail)
    total = digit = 0
    for char in text:
        if char in PLACES:
            total += digit * PLACES[char]
            digit = 0
        else:
            digit = VALUES[char]
    return total + digit


@given(st.integers(0, 10**16 - 1))
def test_chinese_capitals_mean_their_number(number: int) -> None:
    assert read_capitals(money.chinese_capitals(number)) == number


@given(st.integers(0, 10**16 - 1))
def test_chinese_capitals_never_double_or_trail_a_zero(number: int) -> None:
    capitals = money.chinese_capitals(number)
    assert "零零" not in capitals
    assert number == 0 or not capitals.endswith("零")


def test_more_than_words_can_say() -> None:
    with pytest.raises(OverflowError):
        money.chinese_capitals(10**16)
