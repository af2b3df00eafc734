"""Net + tax = gross, whichever side was given."""

from decimal import Decimal

import pytest
from algorithm_tables import number, read_table
from ec_erp.kernel.tax import split_gross, split_net
from hypothesis import given
from hypothesis import strategies as st

amounts = st.decimals(min_value=-100_000, max_value=100_000, places=4)
rates = st.decimals(min_value=0, max_value=100, places=2)
currencies = st.sampled_from(["CNY", "JPY", "KWD"])


@pytest.mark.parametrize("row", read_table("vat-split.md", "Gross given"))
def test_gross_is_split_as_on_the_page(row: dict[str, str]) -> None:
    split = split_gross(number(row["gross"]), number(row["rate"]), row["currency"])
    assert (split.net, split.tax) == (number(row["net"]), number(row["tax"]))


@pytest.mark.parametrize("row", read_table("vat-split.md", "Net given"))
def test_tax_is_added_as_on_the_page(row: dict[str, str]) -> None:
    split = split_net(number(row["net"]), number(row["rate"]), row["currency"])
    assert (split.tax, split.gross) == (number(row["tax"]), number(row["gross"]))


@given(amounts, rates, currencies)
def test_both_ways_add_up(amount: Decimal, rate: Decimal, currency: str) -> None:
    for split in (split_gross(amount, rate, currency), split_net(amount, rate, currency)):
        assert split.net + split.tax == split.gross


@given(st.decimals(min_value=0, max_value=100_000, places=2), rates)
def test_tax_lies_between_nothing_and_the_price(gross: Decimal, rate: Decimal) -> None:
    split = split_gross(gross, rate, "CNY")
    assert 0 <= split.tax <= split.gross
