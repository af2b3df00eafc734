"""What an order is expected to earn is told term by term, and the terms add up."""

from decimal import Decimal

import pytest
from algorithm_tables import Row, number, read_table
from ec_erp.orders.rules.earning import estimate
from hypothesis import given
from hypothesis import strategies as st

money = st.decimals(min_value=0, max_value=100_000, places=4)
percent = st.decimals(min_value=0, max_value=100, places=2)


@pytest.mark.parametrize("row", read_table("order-profit.md", "Terms"))
def test_terms(row: Row) -> None:
    given_ = [number(row[name]) for name in ("paid", "tax", "goods", "freight", "commission %", "fee %")]
    found = estimate(*given_, currency="CNY")
    assert (found.net_sales, found.commission, found.payment_fee, found.profit) == tuple(
        number(row[name]) for name in ("net sales", "commission", "fee", "profit")
    )


@given(money, money, money, money, percent, percent, st.sampled_from(["CNY", "JPY"]))
def test_terms_are_whole_cents_and_costs_only_take_away(
    paid: Decimal, tax: Decimal, goods: Decimal, freight: Decimal, commission: Decimal, fee: Decimal, currency: str
) -> None:
    found = estimate(paid, tax, goods, freight, commission, fee, currency)
    terms = found.terms()
    assert found.profit == sum(Decimal(str(value)) for value in terms.values())
    assert all(value <= 0 for name, value in terms.items() if name != "net_sales")
    assert found.profit == found.profit.quantize(Decimal("0.01") if currency == "CNY" else Decimal(1))
