"""Money rounds half up to the currency's minor unit, and splits add up."""

from decimal import Decimal

import pytest
from algorithm_tables import number, numbers, read_table
from ec_erp.kernel.money import minor_units, next_share, round_money, split_amount
from hypothesis import given
from hypothesis import strategies as st

amounts = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=2)
weights = st.lists(st.decimals(min_value=0, max_value=10_000, places=3), min_size=1, max_size=30)


@pytest.mark.parametrize(("currency", "places"), [("CNY", 2), ("jpy", 0), ("KWD", 3), ("CLF", 4), ("GBP", 2)])
def test_minor_units_are_those_of_iso_4217(currency: str, places: int) -> None:
    assert minor_units(currency) == places


@pytest.mark.parametrize(
    ("amount", "rounded"), [("2.345", "2.35"), ("-2.345", "-2.35"), ("2.3449", "2.34"), ("0.005", "0.01")]
)
def test_rounding_is_half_up_away_from_zero(amount: str, rounded: str) -> None:
    assert round_money(Decimal(amount), "CNY") == Decimal(rounded)


@given(amounts, weights)
def test_shares_add_up_to_the_amount(total: Decimal, parts: list[Decimal]) -> None:
    assert sum(split_amount(total, parts, "CNY")) == total


@given(amounts, weights)
def test_no_share_is_a_whole_unit_off_its_exact_part(total: Decimal, parts: list[Decimal]) -> None:
    whole = sum(parts)
    for share, part in zip(split_amount(total, parts, "CNY"), parts, strict=True):
        exact = total * part / whole if whole else total / len(parts)
        assert abs(share - exact) < Decimal("0.01")


@pytest.mark.parametrize("row", read_table("vat-split.md", "An order's discount over its lines"))
def test_discount_shares_are_those_of_the_page(row: dict[str, str]) -> None:
    assert split_amount(number(row["discount"]), numbers(row["amounts"]), "CNY") == numbers(row["shares"])


def test_nothing_can_be_split_over_nothing() -> None:
    assert split_amount(Decimal(0), [], "CNY") == []
    with pytest.raises(ValueError, match="over nothing"):
        split_amount(Decimal(1), [], "CNY")


@pytest.mark.parametrize("row", read_table("vat-split.md", "A line over several deliveries"))
def test_a_line_is_delivered_in_the_shares_of_the_page(row: dict[str, str]) -> None:
    share = next_share(
        Decimal("100.00"), number(row["delivered before"]), number(row["delivered now"]), Decimal(3), "CNY"
    )
    assert share == number(row["amount"])


@given(amounts, st.lists(st.integers(min_value=1, max_value=9), min_size=1, max_size=8))
def test_partial_deliveries_cost_what_the_line_costs(total: Decimal, parts: list[int]) -> None:
    taken, paid, whole = Decimal(0), Decimal(0), Decimal(sum(parts))
    for part in parts:
        paid += next_share(total, taken, Decimal(part), whole, "CNY")
        taken += part
    assert paid == total
