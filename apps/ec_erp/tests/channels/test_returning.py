"""What is on its way back: the page's table, and what holds for any refunds."""

from decimal import Decimal

import pytest
from algorithm_tables import Row, number, read_table
from ec_erp.channels.rules.returning import BackLine, returning
from hypothesis import given
from hypothesis import strategies as st

AT = ("S", "W")
units = st.integers(0, 9).map(Decimal)


@pytest.mark.parametrize(
    "row", read_table("availability.md", "Returns on the way"), ids=lambda row: " ".join(row.values())
)
def test_what_is_on_its_way_back(row: Row) -> None:
    items = [None if one == "all" else number(one) for one in row["refunds"].split(", ")]
    lines = [BackLine("L", *AT, one, Decimal(4), number(row["returned"])) for one in items]
    assert returning(lines, {"L": Decimal(2)}).get(AT, Decimal(0)) == number(row["returning"])


@given(refunds=st.lists(units, max_size=4), delivered=units, returned=units)
def test_no_more_comes_back_than_has_left(refunds: list[Decimal], delivered: Decimal, returned: Decimal) -> None:
    lines = [BackLine("L", *AT, items, delivered, min(returned, delivered)) for items in refunds]
    back = returning(lines, {}).get(AT, Decimal(0))
    assert 0 <= back <= delivered - min(returned, delivered)
