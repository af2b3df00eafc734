"""Which basket the next unit of a stop goes into."""

from decimal import Decimal

import pytest
from ec_erp.fulfilment.rules.routing import next_baskets


@pytest.mark.parametrize(
    ("before", "qty", "into"),
    [(0, 1, "1 × 1"), (1, 1, "1 × 1"), (2, 1, "3 × 1"), (1, 2, "1 × 1, 3 × 1"), (0, 9, "1 × 2, 3 × 1"), (3, 1, "")],
)
def test_baskets_are_filled_in_their_order(before: int, qty: int, into: str) -> None:
    assert next_baskets("1 × 2, 3 × 1", Decimal(before), Decimal(qty)) == into


@pytest.mark.parametrize("told", ["", "0 × 3"])
def test_goods_without_a_basket_name_none(told: str) -> None:
    assert next_baskets(told, Decimal(0), Decimal(1)) == ""
