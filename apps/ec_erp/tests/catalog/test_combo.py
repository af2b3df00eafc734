"""Combos: the page's splits, sums to the cent, and components that can't be."""

from decimal import Decimal

import pytest
from algorithm_tables import numbers, read_table
from ec_erp.catalog.rules.combo import Component, amounts, combo_problems, split, weights
from ec_erp.catalog.rules.variants import matrix, values_of
from ec_erp.catalog.types import SkuFacts
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("row", read_table("combo.md", "Splitting 100.00"))
def test_the_splits_of_the_page(row: dict[str, str]) -> None:
    assert split(Decimal(100), numbers(row["shares"]), "CNY") == numbers(row["parts"])


@pytest.mark.parametrize("row", read_table("combo.md", "Fixed prices"))
def test_the_fixed_prices_of_the_page(row: dict[str, str]) -> None:
    said = {sku: (Decimal(row.get(f"share {sku}") or 0), Decimal(row[f"fixed {sku}"])) for sku in "ABC"}
    components = [Component(sku, Decimal(qty), *said[sku]) for sku, qty in (("A", 1), ("B", 2), ("C", 1))]
    assert amounts(Decimal(row["amount"]), Decimal(2), components, {}, "CNY") == numbers(row["parts"])


@given(
    st.integers(0, 99_999), st.integers(1, 9), st.lists(st.tuples(st.integers(1, 5), st.integers(0, 9999)), min_size=1)
)
def test_amounts_with_fixed_prices_add_up_and_none_is_negative(
    cents: int, combos: int, said: list[tuple[int, int]]
) -> None:
    components = [
        Component(str(at), Decimal(qty), fixed_rate=Decimal(rate) / 100) for at, (qty, rate) in enumerate(said)
    ]
    parts = amounts(Decimal(cents) / 100, Decimal(combos), components, {}, "CNY")
    assert sum(parts) == Decimal(cents) / 100
    assert all(part >= 0 for part in parts)


@given(st.integers(0, 999_999), st.lists(st.integers(0, 10_000), max_size=12), st.integers(1, 10_000))
def test_parts_add_up_and_none_is_negative(cents: int, by: list[int], last: int) -> None:
    amount = Decimal(cents) / 100
    parts = split(amount, [Decimal(weight) / 100 for weight in [*by, last]], "CNY")
    assert sum(parts) == amount
    assert all(part >= 0 for part in parts)


def test_what_amounts_are_split_by() -> None:
    plain = [Component("A", Decimal(2)), Component("B", Decimal(1))]
    assert weights(plain, {"a": Decimal(10), "b": Decimal(5)}) == [20, 5]
    assert weights(plain, {}) == [2, 1]
    said = [Component("A", Decimal(2), Decimal(30)), Component("B", Decimal(1), Decimal(70))]
    assert weights(said, {"a": Decimal(10)}) == [30, 70]


@pytest.mark.parametrize(
    "components",
    [
        [],
        [Component("SET", Decimal(1))],
        [Component("OTHER-SET", Decimal(1))],
        [Component("A", Decimal(0))],
        [Component("A", Decimal(1)), Component("a", Decimal(1))],
        [Component("A", Decimal(1), Decimal(60)), Component("B", Decimal(1), Decimal(30))],
        [Component("A", Decimal(1), Decimal(100), Decimal(5))],
        [Component("A", Decimal(1), fixed_rate=Decimal(-5))],
    ],
)
def test_what_can_not_be_a_combo(components: list[Component]) -> None:
    facts = SkuFacts("OTHER-SET", "", "", True, Decimal(0), None, Decimal(0), False, is_combo=True)
    assert combo_problems("Set", components, {"other-set": facts})


def test_the_matrix_of_variants() -> None:
    found = matrix([("Colour", values_of("Red, Blue\nRed")), ("Size", values_of("M，L")), ("None", ())])
    assert [variant.code("T") for variant in found] == ["T-Red-M", "T-Red-L", "T-Blue-M", "T-Blue-L"]
    assert found[0].label == "Colour=Red; Size=M"
    assert found[0].name("Shirt") == "Shirt Red M"
    assert matrix([("Colour", ())]) == []
