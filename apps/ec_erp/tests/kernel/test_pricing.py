"""Lines are priced, discounts spread, impossible numbers named with their row."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from ec_erp.kernel.matching import match_line
from ec_erp.kernel.pricing import LineTerms, line_problems, price_lines
from ec_erp.kernel.tax import TaxSplit
from ec_erp.kernel.times import is_too_late, moment_of
from ec_erp.orders.types import OrderLine
from hypothesis import given
from hypothesis import strategies as st


def terms(qty: str = "2", rate: str = "10", discount: str = "0", tax: str = "13", whole: bool = True) -> LineTerms:
    return LineTerms(1, "A", Decimal(qty), Decimal(rate), Decimal(discount), Decimal(tax), whole)


lines = st.lists(
    st.builds(
        lambda qty, rate: terms(str(qty), str(rate)),
        st.integers(min_value=1, max_value=50),
        st.decimals(min_value=0, max_value=500, places=2),
    ),
    min_size=1,
    max_size=12,
)


@given(lines, st.integers(min_value=0, max_value=100), st.booleans())
def test_shares_of_a_discount_add_up(order: list[LineTerms], percent: int, includes_tax: bool) -> None:
    goods = sum(line.qty * line.rate for line in order)
    discount = (Decimal(goods) * percent / 100).quantize(Decimal("0.01"))
    priced = price_lines(order, discount, "CNY", includes_tax=includes_tax)
    assert sum(line.discount_share for line in priced) == discount
    assert all(line.price.net + line.price.tax == line.price.gross for line in priced)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (terms(qty="0"), "more than zero"),
        (terms(qty="-1"), "more than zero"),
        (terms(qty="1.5"), "whole units"),
        (terms(rate="-1"), "price of"),
        (terms(discount="-1"), "must not be negative"),
        (terms(discount="20.01"), "more than its amount"),
        (terms(tax="101"), "tax rate"),
    ],
)
def test_impossible_numbers_are_named(line: LineTerms, words: str) -> None:
    assert [words in problem.message for problem in line_problems(line, "CNY")] == [True]


def test_a_good_line_has_no_problems() -> None:
    assert line_problems(terms(discount="20"), "CNY") == []
    assert line_problems(terms(qty="1.5", whole=False), "CNY") == []


def order_line(name: str, sku: str, qty: int, delivered: int = 0) -> OrderLine:
    nothing = TaxSplit(Decimal(0), Decimal(0), Decimal(0))
    zero = Decimal(0)
    return OrderLine(name, "SO", sku, "W", Decimal(qty), nothing, zero, zero, Decimal(delivered))


def test_rows_are_matched_with_a_line_that_has_enough_left() -> None:
    open_lines = [order_line("a", "X", 5, 4), order_line("b", "x", 3), order_line("c", "Y", 9)]
    found = match_line("X", Decimal(2), open_lines, {})
    assert found is not None
    assert found.line == "b"
    used = match_line("X", Decimal(2), open_lines, {"b": Decimal(3)})
    assert used is not None
    assert used.line == "a"
    assert match_line("Z", Decimal(1), open_lines, {}) is None


def test_moments() -> None:
    assert moment_of("2026-11-22 08:00:00") == datetime(2026, 11, 22, 8)
    assert moment_of(date(2026, 11, 22)) == datetime(2026, 11, 22)
    now = datetime(2026, 11, 22, 12)
    assert is_too_late(now + timedelta(days=2), now)
    assert not is_too_late(now + timedelta(hours=23), now)
