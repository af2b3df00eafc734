"""Movements apply in order, all or nothing, and every shortage is named."""

from datetime import datetime
from decimal import Decimal

import pytest
from algorithm_tables import number, read_table
from ec_erp.inventory.rules.movement import PromiseBelowZero, apply_changes, apply_moves
from ec_erp.inventory.types import (
    AVAILABLE,
    ON_HAND,
    Balance,
    BalanceChange,
    MoveResult,
    Shelf,
    StockKey,
    StockMove,
)
from hypothesis import given
from hypothesis import strategies as st

A, B = StockKey("A", "W"), StockKey("B", "W")
CURRENCIES = {"W": "CNY"}


def applied(
    balances: dict[StockKey, Balance], moves: list[StockMove], changes: list[BalanceChange] | None = None
) -> MoveResult:
    moments = [datetime(2026, 11, 22)] * len(moves)
    return apply_moves(Shelf(balances, CURRENCIES), moves, changes or [], moments)


def out(key: StockKey, qty: int, own: int = 0, reach: str = AVAILABLE) -> StockMove:
    return StockMove(key, Decimal(-qty), "row", from_reserved=Decimal(own), reach=reach)


def into(key: StockKey, qty: int, value: str = "0") -> StockMove:
    return StockMove(key, Decimal(qty), "row", value=Decimal(value))


@pytest.mark.parametrize("row", read_table("reservation.md", "What an issue may take"))
def test_an_issue_may_take_what_the_page_says(row: dict[str, str]) -> None:
    balance = Balance(on_hand=Decimal(10), frozen=Decimal(1), reserved=Decimal(6))
    reach = ON_HAND if row["reach"] == "on hand" else AVAILABLE
    wanted = StockMove(
        A, -number(row["issue"]), "row", from_reserved=number(row["of its own reservation"]), reach=reach
    )
    result = applied({A: balance}, [wanted])
    assert (not result.shortages) == (row["allowed"] == "yes")


def test_all_shortages_are_named_at_once() -> None:
    stock = {A: Balance(on_hand=Decimal(3)), B: Balance(on_hand=Decimal(9))}
    other = StockKey("C", "W")
    result = applied(stock, [out(A, 5), out(B, 2), out(other, 1)])
    assert [(short.key, short.needed, short.available) for short in result.shortages] == [(A, 5, 3), (other, 1, 0)]


def test_two_lines_of_one_sku_are_short_together() -> None:
    result = applied({A: Balance(on_hand=Decimal(7))}, [out(A, 5), out(A, 5)])
    assert [(short.needed, short.available) for short in result.shortages] == [(10, 7)]


def test_what_came_in_before_counts() -> None:
    result = applied({}, [into(A, 4, "40"), out(A, 3)])
    assert not result.shortages
    assert (result.balances[A].on_hand, result.balances[A].value) == (1, 10)


def test_a_delivery_uses_up_its_reservation() -> None:
    stock = {A: Balance(on_hand=Decimal(5), reserved=Decimal(5))}
    result = applied(stock, [out(A, 4, own=4)])
    assert (result.balances[A].reserved, result.balances[A].available) == (1, 0)


def test_promises_change_before_goods_move() -> None:
    stock = {A: Balance(on_hand=Decimal(5), reserved=Decimal(5))}
    result = applied(stock, [out(A, 5)], [BalanceChange(A, reserved=Decimal(-5))])
    assert not result.shortages


def test_more_can_not_be_given_back_than_was_promised() -> None:
    with pytest.raises(PromiseBelowZero):
        apply_changes({A: Balance(on_order=Decimal(1))}, [BalanceChange(A, on_order=Decimal(-2))])


moves = st.lists(
    st.tuples(st.sampled_from([A, B]), st.integers(min_value=-9, max_value=9).filter(bool)), min_size=1, max_size=40
)


@given(moves, st.integers(min_value=0, max_value=20))
def test_available_never_becomes_negative(wanted: list[tuple[StockKey, int]], reserved: int) -> None:
    stock = {A: Balance(on_hand=Decimal(20), reserved=Decimal(reserved), value=Decimal(100))}
    listed = [into(key, qty) if qty > 0 else out(key, -qty) for key, qty in wanted]
    result = applied(stock, listed)
    assert all(balance.available >= 0 for balance in result.balances.values())
    assert result.shortages or len(result.entries) == len(listed)
