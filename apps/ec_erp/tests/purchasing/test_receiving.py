"""Receipts and purchase returns stay in their bounds; what is on order follows."""

from decimal import Decimal

import pytest
from ec_erp.kernel.tax import TaxSplit, split_net
from ec_erp.purchasing.rules import receiving
from ec_erp.purchasing.types import BoughtOrderLine, ReceivedLine
from hypothesis import given
from hypothesis import strategies as st

ZERO = Decimal(0)


def line(qty: int = 10, received: int = 0, stopped: int = 0) -> BoughtOrderLine:
    return BoughtOrderLine("L", "PO", "A", "W", Decimal(qty), ZERO, ZERO, Decimal(received), Decimal(stopped))


def received(qty: int, net: str = "100") -> ReceivedLine:
    price = split_net(Decimal(net), Decimal(13), "CNY")
    return ReceivedLine("R", "PR", "A", "W", Decimal(qty), ZERO, Decimal(13), price)


@given(st.lists(st.integers(1, 9), max_size=6), st.integers(1, 30))
def test_what_is_on_order_is_what_is_still_expected(quantities: list[int], ordered: int) -> None:
    current, on_order = line(ordered), Decimal(ordered)
    for qty in quantities:
        current, change = receiving.receive(current, Decimal(qty))
        on_order += change
        assert on_order == max(0, ordered - current.received)


def test_a_cancelled_receipt_is_expected_again() -> None:
    over, _ = receiving.receive(line(10), Decimal(12))
    back, change = receiving.receive(over, Decimal(-12))
    assert (back, change) == (line(10), 10)


def test_stopping_expects_nothing_more() -> None:
    stopped, change = receiving.stop(line(10, received=4))
    assert (stopped.open_qty, change) == (0, -6)
    assert receiving.order_status([stopped]) == "Stopped"


@pytest.mark.parametrize(
    ("lines", "status", "percent"),
    [
        ([line(10)], "Approved", "0.00"),
        ([line(10, received=5), line(10)], "Part Received", "25.00"),
        ([line(10, received=11)], "Received", "100.00"),
    ],
)
def test_status_and_percent_of_an_order(lines: list[BoughtOrderLine], status: str, percent: str) -> None:
    assert (receiving.order_status(lines), receiving.received_percent(lines)) == (status, Decimal(percent))


@pytest.mark.parametrize(("qty", "tolerance", "allowed"), [(6, 0, True), (7, 0, False), (7, 10, True), (8, 10, False)])
def test_over_receipt_is_refused(qty: int, tolerance: int, allowed: bool) -> None:
    found = receiving.receipt_problem(1, "A", Decimal(qty), line(10, received=4), Decimal(tolerance))
    assert (found is None) == allowed


def test_rows_of_another_sku_are_refused() -> None:
    assert receiving.receipt_problem(1, "B", Decimal(1), line(), ZERO) is not None
    assert receiving.return_problem(1, "B", Decimal(1), received(4)) is not None


@pytest.mark.parametrize(
    ("qty", "accepted", "rejected", "good"), [(10, 8, 2, True), (10, 10, 2, False), (10, -1, 11, False)]
)
def test_accepted_and_rejected_add_up_to_what_arrived(qty: int, accepted: int, rejected: int, good: bool) -> None:
    found = receiving.quality_problems(1, "A", Decimal(qty), Decimal(accepted), Decimal(rejected))
    assert (found == []) == good


def test_what_is_not_said_to_be_rejected_is_accepted() -> None:
    assert receiving.accepted_quantity(Decimal(10), Decimal(3), None) == 7
    assert receiving.accepted_quantity(Decimal(10), Decimal(3), Decimal(6)) == 6


def test_returns_add_up_to_what_was_paid() -> None:
    current, sent = received(3, "100.00"), TaxSplit(ZERO, ZERO, ZERO)
    for _ in range(3):
        current, price = receiving.send_back(current, Decimal(1), "CNY")
        sent = TaxSplit(sent.net + price.net, sent.tax + price.tax, sent.gross + price.gross)
    assert (sent, receiving.receipt_status([current])) == (current.price, "Returned")
    assert receiving.return_problem(1, "A", Decimal(1), current) is not None
