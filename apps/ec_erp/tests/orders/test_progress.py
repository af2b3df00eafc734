"""An order's head follows its lines; its money adds up."""

from dataclasses import replace
from decimal import Decimal

import pytest
from ec_erp.kernel.pricing import PricedLine
from ec_erp.kernel.tax import TaxSplit, split_gross
from ec_erp.orders.rules.progress import (
    line_stock_state,
    order_stock_state,
    progress_after_delivery,
    progress_after_undoing,
)
from ec_erp.orders.rules.terms import order_problems, order_totals
from ec_erp.orders.types import OrderHead, OrderLine

ZERO = Decimal(0)


def line(qty: int, delivered: int) -> OrderLine:
    nothing = TaxSplit(ZERO, ZERO, ZERO)
    return OrderLine(f"{qty}-{delivered}", "SO", "A", "W", Decimal(qty), nothing, ZERO, ZERO, Decimal(delivered))


def order(*lines: OrderLine, status: str = "To Ship", fee: int = 0) -> OrderHead:
    return OrderHead("SO", "Co", status, "C", None, "W", None, Decimal(fee), ZERO, False, (), lines)


def test_a_part_delivered_stays_to_ship() -> None:
    shown = progress_after_delivery(order(line(4, 1), line(4, 0)), ["Reserved", "Reserved"], charges_delivered=True)
    assert (shown.status, shown.delivered_percent) == ("To Ship", Decimal("12.50"))
    assert (shown.stock_state, shown.books_state) == ("Reserved", "Part Posted")


def test_all_delivered_is_shipped() -> None:
    shown = progress_after_delivery(order(line(4, 4), line(2, 3)), ["Delivered", "Delivered"], charges_delivered=True)
    assert (shown.status, shown.delivered_percent) == ("Shipped", 100)
    assert (shown.stock_state, shown.books_state) == ("Delivered", "Posted")


def test_an_order_of_charges_alone_is_shipped_when_they_are_posted() -> None:
    assert progress_after_delivery(order(fee=5), [], charges_delivered=True).status == "Shipped"
    assert progress_after_delivery(order(fee=5), [], charges_delivered=False).status == "To Ship"


def test_a_cancelled_delivery_opens_the_order_again() -> None:
    shipped = order(line(4, 0), status="Shipped")
    shown = progress_after_undoing(shipped, ["Reserved"], charges_delivered=False)
    assert (shown.status, shown.books_state) == ("To Ship", "Not Posted")
    still = replace(shipped, lines=(line(4, 4),))
    assert progress_after_undoing(still, ["Delivered"], charges_delivered=False).status == "Shipped"


@pytest.mark.parametrize(
    ("qty", "reserved", "delivered", "state"),
    [
        (4, 4, 0, "Reserved"),
        (4, 3, 1, "Reserved"),
        (4, 1, 0, "Part Reserved"),
        (4, 0, 1, "Short"),
        (4, 0, 4, "Delivered"),
    ],
)
def test_stock_state_of_a_line(qty: int, reserved: int, delivered: int, state: str) -> None:
    assert line_stock_state(Decimal(qty), Decimal(reserved), Decimal(delivered)) == state


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ([], "Not Reserved"),
        (["Delivered", "Delivered"], "Delivered"),
        (["Reserved", "Delivered"], "Reserved"),
        (["None", "Short"], "Not Reserved"),
        (["Reserved", "Short"], "Part Reserved"),
    ],
)
def test_stock_state_of_an_order(states: list[str], shown: str) -> None:
    assert order_stock_state(states) == shown


def test_totals() -> None:
    goods = PricedLine(Decimal("120.00"), Decimal("7.00"), split_gross(Decimal(113), Decimal(13), "CNY"))
    fee = split_gross(Decimal("11.30"), Decimal(13), "CNY")
    discount = split_gross(Decimal("-2.26"), Decimal(13), "CNY")
    totals = order_totals([goods], fee, [discount])
    assert (totals.goods, totals.charges, totals.tax) == (120, Decimal("-2.26"), Decimal("14.04"))
    assert (totals.grand, totals.net) == (Decimal("122.04"), Decimal("108.00"))


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((1, 0, "10", "-1", "0"), "must not be negative"),
        ((1, 0, "10", "11", "0"), "more than the goods"),
        ((0, 0, "0", "0", "0"), "at least one"),
    ],
)
def test_an_impossible_order_is_named(numbers: tuple[int, int, str, str, str], words: str) -> None:
    lines, charges, goods, discount, shipping = numbers
    found = order_problems(lines, charges, Decimal(goods), Decimal(discount), Decimal(shipping))
    assert [words in problem.message for problem in found] == [True]
