"""Units: the page's tables, amounts that come out as entered, units that can't be."""

from decimal import Decimal

import pytest
from algorithm_tables import Row, number, read_table
from ec_erp.catalog.rules.units import Converted, Entered, UnitTerms, convert, stock_rate, unit_problems, unit_rate
from ec_erp.kernel.money import round_money
from hypothesis import given
from hypothesis import strategies as st

SAVED = Entered("Box", Decimal(2), Decimal(120), Decimal(24), Decimal(10))


def entered(row: Row) -> Entered:
    columns = ("entered quantity", "entered price", "quantity", "price")
    return Entered("Box", *(Decimal(row[column]) if row[column] else None for column in columns))


def shown(found: Converted) -> tuple[str, str, str]:
    return str(found.qty), str(found.rate), "" if found.uom_qty is None else str(found.uom_qty)


@pytest.mark.parametrize("row", read_table("units.md", "Entered"))
def test_what_was_entered(row: Row) -> None:
    found = convert(entered(row), number(row["ratio"]))
    assert shown(found) == (row["becomes quantity"], row["becomes price"], row["in the unit"])
    assert bool(found.uom) == bool(row["in the unit"])


@pytest.mark.parametrize("row", read_table("units.md", "A saved row"))
def test_a_saved_row(row: Row) -> None:
    found = convert(entered(row), Decimal(12), SAVED)
    assert shown(found) == (row["becomes quantity"], row["becomes price"], row["in the unit"])


@given(st.integers(1, 10_000), st.integers(1, 99_999_99), st.integers(1, 1000))
def test_the_amount_is_the_one_that_was_entered(boxes: int, cents: int, ratio: int) -> None:
    boxes = min(boxes, 1_000_000 // ratio)
    price = Decimal(cents) / 100
    found = convert(Entered("Box", Decimal(boxes), price, None, None), Decimal(ratio))
    assert found.qty is not None
    assert found.rate is not None
    assert found.qty == boxes * ratio
    assert round_money(found.qty * Decimal(repr(float(found.rate))), "CNY") == boxes * price


@given(st.integers(1, 10**6), st.integers(1, 144))
def test_converting_again_changes_nothing(qty: int, ratio: int) -> None:
    first = convert(Entered("Box", None, None, Decimal(qty), Decimal(3)), Decimal(ratio))
    second = convert(Entered(first.uom, first.uom_qty, None, first.qty, first.rate), Decimal(ratio))
    assert second == first
    assert first.qty == qty


def test_the_shown_price_of_a_unit() -> None:
    assert unit_rate(stock_rate(Decimal(100), Decimal(3)), Decimal(3)) == 100
    assert unit_rate(Decimal("9.5"), Decimal(12)) == 114


@pytest.mark.parametrize(
    "units",
    [
        [UnitTerms("Box", Decimal(0))],
        [UnitTerms("Box", Decimal("2.5"))],
        [UnitTerms("Piece", Decimal(2))],
        [UnitTerms("Box", Decimal(12)), UnitTerms("box", Decimal(10))],
        [UnitTerms("Box", Decimal(12), for_sale=True), UnitTerms("Case", Decimal(24), for_sale=True)],
    ],
)
def test_units_that_can_not_be(units: list[UnitTerms]) -> None:
    assert unit_problems("Piece", units, whole_units=True)


def test_units_that_can_be() -> None:
    units = [UnitTerms("Box", Decimal(12), for_purchase=True), UnitTerms("Case", Decimal(24), for_sale=True)]
    assert unit_problems("Piece", units, whole_units=True) == []
    assert unit_problems("Kilogram", [UnitTerms("Bag", Decimal("2.5"))], whole_units=False) == []
