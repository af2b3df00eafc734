"""Partial deliveries and returns stay in their bounds and lose no cent."""

from dataclasses import replace
from decimal import Decimal

import pytest
from ec_erp.fulfilment.rules.delivering import (
    deliver,
    delivery_problem,
    note_status,
    return_problem,
    take_back,
    undeliver,
)
from ec_erp.fulfilment.types import DeliveredLine, WantedLine
from ec_erp.kernel.tax import TaxSplit, split_gross
from ec_erp.orders.types import OrderLine
from hypothesis import given
from hypothesis import strategies as st

ZERO = Decimal(0)
parts = st.lists(st.integers(1, 9), min_size=1, max_size=6)
prices = st.decimals(min_value=0, max_value=9999, places=2)


def ordered(qty: int, gross: Decimal = Decimal(100)) -> OrderLine:
    price = split_gross(gross, Decimal(13), "CNY")
    return OrderLine("L", "SO", "A", "W", Decimal(qty), price, Decimal(13), ZERO)


def delivered(qty: int, gross: Decimal = Decimal(100), cost: Decimal = Decimal(50)) -> DeliveredLine:
    price = split_gross(gross, Decimal(13), "CNY")
    return DeliveredLine("D", "DN", "A", "W", Decimal(qty), price, cost, ZERO, Decimal(13), "L")


def wanted(qty: int, sku: str = "A") -> WantedLine:
    return WantedLine(1, "row", sku, "W", Decimal(qty))


@given(parts, prices)
def test_all_deliveries_together_cost_what_the_line_costs(quantities: list[int], gross: Decimal) -> None:
    line, paid = ordered(sum(quantities), gross), TaxSplit(ZERO, ZERO, ZERO)
    for qty in quantities:
        line, price = deliver(line, Decimal(qty), "CNY")
        paid = TaxSplit(paid.net + price.net, paid.tax + price.tax, paid.gross + price.gross)
    assert paid == line.price
    assert (line.open_qty, line.delivered_amount) == (0, gross)


@given(parts, prices, prices)
def test_all_returns_together_bring_back_what_was_delivered(
    quantities: list[int], gross: Decimal, cost: Decimal
) -> None:
    line = delivered(sum(quantities), gross, cost)
    for qty in quantities:
        line, _, _ = take_back(line, Decimal(qty), "CNY")
    assert (line.returned_price, line.returned_cost, line.open_qty) == (line.price, cost, 0)


def test_what_goes_beyond_the_order_is_priced_at_its_average() -> None:
    line, price = deliver(ordered(4), Decimal(5), "CNY")
    assert price.gross == Decimal("125.00")
    assert line.open_qty == 0


def test_undoing_a_delivery_opens_the_line_again() -> None:
    line, price = deliver(ordered(4), Decimal(3), "CNY")
    assert undeliver(line, Decimal(3), price.gross) == ordered(4)


@pytest.mark.parametrize(
    ("qty", "sku", "tolerance", "allowed"),
    [(4, "A", 0, True), (4, "a", 0, True), (5, "A", 0, False), (5, "A", 25, True), (1, "B", 0, False)],
)
def test_over_delivery_is_refused(qty: int, sku: str, tolerance: int, allowed: bool) -> None:
    assert (delivery_problem(wanted(qty, sku), ordered(4), Decimal(tolerance)) is None) == allowed


@given(st.integers(1, 20), st.integers(0, 25), st.lists(st.integers(1, 9), max_size=8))
def test_what_leaves_is_never_more_than_ordered_less_refunded(qty: int, refunded: int, tries: list[int]) -> None:
    line = replace(ordered(qty), refunded=Decimal(refunded))
    for more in tries:
        if delivery_problem(wanted(more), line, ZERO) is None:
            line, _ = deliver(line, Decimal(more), "CNY")
    assert line.delivered <= max(0, qty - refunded)
    assert line.delivered + line.open_qty == max(0, qty - refunded)


def test_a_row_without_an_order_line_is_refused() -> None:
    assert delivery_problem(wanted(1), None, ZERO) is not None
    assert return_problem(wanted(1), None) is not None


def test_more_can_not_come_back_than_was_delivered() -> None:
    line, _, _ = take_back(delivered(4), Decimal(3), "CNY")
    assert return_problem(wanted(1), line) is None
    assert return_problem(wanted(2), line) is not None


def test_status_of_a_note() -> None:
    part, _, _ = take_back(delivered(4), Decimal(3), "CNY")
    whole, _, _ = take_back(delivered(4), Decimal(4), "CNY")
    assert [note_status([delivered(4)]), note_status([part]), note_status([whole])] == [
        "Shipped",
        "Part Returned",
        "Returned",
    ]
