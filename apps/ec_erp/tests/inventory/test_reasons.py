"""Every movement has a reason; what undoes another names what was undone."""

from decimal import Decimal

from ec_erp.inventory.rules.reasons import reason_of
from hypothesis import given
from hypothesis import strategies as st

kinds = st.sampled_from(["Delivery Note", "Purchase Receipt", "Stock Transfer", "Stock Entry", "Bin Move"])
amounts = st.integers(-9, 9).map(Decimal)


@given(kinds, amounts, st.none() | st.just("Sample"))
def test_what_undoes_has_the_reason_of_what_was_done(kind: str, qty: Decimal, stock_reason: str | None) -> None:
    done = reason_of(kind, qty, stock_reason, is_reversal=False)
    assert reason_of(kind, -qty, stock_reason, is_reversal=True) == done
    assert done == (stock_reason or done) != ""


def test_goods_that_come_back_were_not_delivered() -> None:
    texts = [reason_of("Delivery Note", Decimal(qty), None, is_reversal=False) for qty in (-1, 1)]
    assert texts == ["Delivered to Buyer", "Returned by Buyer"]
