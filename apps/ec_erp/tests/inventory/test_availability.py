"""Formulas of availability: the page's tables, and terms that add up."""

from decimal import Decimal

import pytest
from algorithm_tables import number, read_table
from ec_erp.inventory.rules.availability import PUBLIC, available, combo_sellable, free, sellable, shippable
from ec_erp.inventory.types import Balance, Quota, StockKey
from hypothesis import given
from hypothesis import strategies as st

KEY = StockKey("A", "W")
SEEN = Balance(on_hand=Decimal(100), frozen=Decimal(6), reserved=Decimal(30), unpaid=Decimal(10), locked=Decimal(25))
QUOTAS = (
    Quota("1", KEY, "live", Decimal(20), used=Decimal(5)),
    Quota("2", KEY, "club", Decimal(10), exclusive=True),
    Quota("3", KEY, "live", Decimal(99), active=False),
)


def shown(balance: Balance, quotas: tuple[Quota, ...], group: str) -> list[Decimal]:
    return [
        shippable(balance).value,
        available(balance).value,
        free(balance).value,
        sellable(balance, quotas, group).value,
    ]


def wanted(row: dict[str, str]) -> list[Decimal]:
    return [number(row[title]) for title in ("shippable", "available", "free", "sellable")]


@pytest.mark.parametrize("row", read_table("availability.md", "One balance seen by its channels"))
def test_what_channels_see(row: dict[str, str]) -> None:
    group = PUBLIC if row["seen by"].startswith("nobody") else row["seen by"]
    assert shown(SEEN, QUOTAS, group) == wanted(row)


def test_oversold() -> None:
    (row,) = read_table("availability.md", "Oversold")
    balance = Balance(on_hand=Decimal(3), reserved=Decimal(5), locked=Decimal(2))
    assert shown(balance, (), PUBLIC) == wanted(row)


@pytest.mark.parametrize("row", read_table("availability.md", "Combos"))
def test_combos(row: dict[str, str]) -> None:
    parts = [part.split("×") for part in row["combo"].split(" + ")]
    components = [(sku, Decimal(qty)) for sku, qty in parts]
    stock = {"A": Decimal(10), "B": Decimal(7), "C": Decimal(0)}
    assert combo_sellable(components, stock) == number(row["sellable"])


def test_a_combo_without_components_is_not_sold() -> None:
    assert combo_sellable([], {"A": Decimal(5)}) == 0


quantities = st.decimals(min_value=-50, max_value=200, places=3)


@given(quantities, quantities, quantities, quantities)
def test_formulas_agree_with_the_balance(on_hand: Decimal, reserved: Decimal, frozen: Decimal, locked: Decimal) -> None:
    balance = Balance(on_hand=on_hand, reserved=reserved, frozen=frozen, locked=locked)
    assert available(balance).value == balance.available
    assert free(balance).value == balance.free
    assert sellable(balance).value == max(0, balance.free)
