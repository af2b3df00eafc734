"""Prices that are too low: the page's table, combos as a whole."""

from decimal import Decimal

import pytest
from algorithm_tables import Row, number, read_table
from ec_erp.orders.rules import blocks
from ec_erp.orders.rules.floors import FloorPolicy, SoldLine, findings, together
from hypothesis import given
from hypothesis import strategies as st

amounts = st.integers(0, 100_000).map(lambda cents: Decimal(cents) / 100)


@pytest.mark.parametrize("row", read_table("price-floor.md", "What is found"))
def test_the_findings_of_the_page(row: Row) -> None:
    values = [number(row[column]) for column in ("quantity", "paid", "net", "cost", "minimum")]
    found = findings([SoldLine("A", *values)], FloorPolicy(row["below minimum"], row["below cost"]))
    assert ", ".join(one.code for one in found) == row["found"]


@given(st.lists(st.tuples(amounts, amounts, st.integers(1, 9)), min_size=1, max_size=5), st.integers(1, 4))
def test_a_combo_is_worth_its_parts(parts: list[tuple[Decimal, Decimal, int]], sets: int) -> None:
    lines = [
        SoldLine(f"P{at}", Decimal(qty * sets), paid, net, Decimal(1), Decimal(5), "SET", Decimal(sets))
        for at, (paid, net, qty) in enumerate(parts)
    ]
    (combo,) = together(lines)
    assert (combo.sku, combo.qty, combo.minimum) == ("SET", sets, 5)
    assert (combo.paid, combo.net) == (sum(line.paid for line in lines), sum(line.net for line in lines))


def test_a_combo_of_unknown_cost_is_not_below_it() -> None:
    known = SoldLine("A", Decimal(1), Decimal(1), Decimal(1), Decimal(9), combo="SET", combo_qty=Decimal(1))
    unknown = SoldLine("B", Decimal(1), Decimal(1), Decimal(1), combo="SET", combo_qty=Decimal(1))
    policy = FloorPolicy(below_cost="Block")
    assert findings([known, unknown], policy) == []
    assert [one.code for one in findings([known], policy)] == [blocks.BELOW_COST]


def test_what_stops_comes_before_what_is_flagged() -> None:
    line = SoldLine("A", Decimal(1), Decimal(1), Decimal(1), Decimal(2), Decimal(2))
    found = [one.code for one in findings([line], FloorPolicy("Flag", "Block"))]
    assert found == [blocks.BELOW_COST, blocks.LOW_PRICE]
