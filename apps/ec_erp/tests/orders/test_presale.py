"""Goods that have come go to those who wait longest, and to nobody twice."""

from datetime import datetime, timedelta
from decimal import Decimal

from ec_erp.orders.rules.presale import Waiting, arrived
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 11, 1, 12)


def waiting(name: str, minutes: int, **needs: int) -> Waiting:
    return Waiting(name, NOON + timedelta(minutes=minutes), {sku: Decimal(qty) for sku, qty in needs.items()})


def test_who_waits_longest_goes_first_and_only_when_served_completely() -> None:
    orders = [waiting("late", 9, A=1), waiting("first", 0, A=2), waiting("both", 1, A=1, B=1)]
    assert arrived(orders, {"A": Decimal(3)}) == ["first", "late"]


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 9)), max_size=12), st.integers(0, 30))
def test_no_more_is_given_out_than_is_there(given_orders: list[tuple[int, int]], free: int) -> None:
    orders = [waiting(str(at), minutes, A=qty) for at, (minutes, qty) in enumerate(given_orders)]
    served = arrived(orders, {"A": Decimal(free)})
    assert sum(order.needs["A"] for order in orders if order.name in served) <= free
