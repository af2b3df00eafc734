"""Formulas of availability: the page's tables, and terms that add up."""

from decimal import Decimal

import pytest
from algorithm_tables import number, read_table
from ec_erp.inventory.rules.availability import (
    PUBLIC,
    Lying,
    available,
    combo_sellable,
    free,
    sellable,
    shippable,
    split,
)
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


places = st.lists(
    st.builds(
        Lying, st.sampled_from(["", "P-1", "P-2"]), st.sampled_from(["", "B-1"]), st.sampled_from(["Good", "Defective"]),
        st.integers(0, 9).map(Decimal),
    ),
    max_size=4,
)  # fmt: skip


@given(places, st.integers(0, 9).map(Decimal), st.integers(0, 9).map(Decimal))
def test_a_split_adds_up_to_its_balance(known: list[Lying], good: Decimal, defective: Decimal) -> None:
    bad = sum((one.on_hand for one in known if one.grade == "Defective"), defective)
    on_hand = sum((one.on_hand for one in known), good + defective)
    found = split(Balance(on_hand=on_hand, defective=bad, frozen=bad), known)
    assert sum(one.on_hand for one in found) == on_hand
    assert sum(one.on_hand for one in found if one.grade == "Defective") == bad
    assert all(one.on_hand for one in found)
