"""Pushed orders are read exactly or refused with everything that is wrong with them."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from ec_erp.channels.rules import pushed
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 1, 12)
GOOD = {
    "id": "1", "status": "paid", "modified": "2026-11-01 10:00:00",
    "lines": [{"id": "a", "item_id": "I", "qty": "2", "price": 9.9, "discount": "0.1"}],
}  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "lines", "qty", "price", "buyer"]), inner)
    ),
    max_leaves=8,
)


def test_amounts_are_exact() -> None:
    order = pushed.read_order({**GOOD, "shipping_fee": 6, "discount": "1.00", "total": "24.70"}, NOW)
    assert order.expected_total == order.total == Decimal("24.7")


def test_everything_that_is_wrong_is_named() -> None:
    lines = [{"qty": -1, "price": "x"}, {"id": "b", "item_id": "I", "qty": 1, "price": 1}]
    with pytest.raises(pushed.Unusable) as unusable:
        pushed.read_order({"status": "lost", "lines": lines, "created": "soon"}, NOW)
    assert {str(one.values[0]) for one in unusable.value.problems} == {
        "id", "lines[0].id", "lines[0].qty", "lines[0].price", "lines[0].item_id", "created", "status",
    }  # fmt: skip


def test_a_line_id_that_is_there_twice_is_refused() -> None:
    with pytest.raises(pushed.Unusable):
        pushed.read_order({**GOOD, "lines": GOOD["lines"] * 2}, NOW)


@given(values)
def test_whatever_is_pushed_is_read_or_refused(value: Any) -> None:
    for read in (pushed.read_order, pushed.read_refund):
        assert problems_of(read, value) != []


def problems_of(read: Any, value: Any) -> list[Any] | None:
    """Return why a value is refused, None where it is read; any other error fails the test."""
    try:
        read(value, NOW)
    except pushed.Unusable as unusable:
        return list(unusable.problems)
    return None


@given(
    st.sampled_from(["status", "seller_remark", "buyer_message"]),
    st.sampled_from(["shipped", "finished", "cancelled", "paid"]),
)
def test_changes_are_what_differs(field: str, value: str) -> None:
    before = pushed.read_order(GOOD, NOW)
    after = replace(before, **{field: value})
    assert bool(pushed.changes(before, after)) == (before != after)
    assert pushed.changes(after, after) == ()


@pytest.mark.parametrize(
    ("plain", "masked"), [("13812345678", "138****5678"), ("138****5678", "138****5678"), ("123", "123"), ("", "")]
)
def test_phones_are_masked(plain: str, masked: str) -> None:
    assert pushed.masked_phone(plain) == masked


def test_the_buyer_key_tells_receivers_apart_and_tells_nothing() -> None:
    order = pushed.read_order({**GOOD, "buyer": {"id": "B"}, "receiver": {"phone": "13812345678"}}, NOW)
    other = replace(order, receiver={**order.receiver, "phone": "13812345679"})
    assert pushed.buyer_key("S", order) != pushed.buyer_key("S", other)
    assert "138" not in pushed.masked_phone("13812345678")[3:]
