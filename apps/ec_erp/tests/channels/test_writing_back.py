"""What platforms are told of shipments: the page's tables, and what holds for any parcels."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from algorithm_tables import Row, number, read_table
from ec_erp.channels.rules.writing_back import (
    Goods,
    after_failure,
    is_partial,
    newly_left,
    next_try,
    order_state,
)
from hypothesis import given
from hypothesis import strategies as st

PAGE = "shipment-write-back.md"
NOW = datetime(2026, 11, 1, 12)


@pytest.mark.parametrize("row", read_table(PAGE, "Items of a line"), ids=lambda row: " ".join(row.values()))
def test_items_of_a_line(row: Row) -> None:
    goods = []
    for at, pair in enumerate(row["goods"].split(",")):
        left, ordered = pair.split("/")
        goods.append(Goods("1", str(at), number(ordered.strip()), number(left.strip())))
    found = newly_left({"1": number(row["bought"])}, goods, {"1": number(row["reported before"])})
    assert found == {"1": number(row["items"])}


@pytest.mark.parametrize("row", read_table(PAGE, "Trying again"), ids=lambda row: " ".join(row.values()))
def test_trying_again(row: Row) -> None:
    tries = int(row["tries"])
    assert after_failure(tries, again=row["again"] == "yes") == row["state"]
    if row["minutes"]:
        assert next_try(NOW, tries) == NOW + timedelta(minutes=int(row["minutes"]))


@pytest.mark.parametrize("row", read_table(PAGE, "What the order shows"), ids=lambda row: row["rows"] or "none")
def test_what_the_order_shows(row: Row) -> None:
    assert order_state(filter(None, row["rows"].split(", "))) == row["order"]


def test_nobody_waits_longer_than_two_hours() -> None:
    assert next_try(NOW, 40) == NOW + timedelta(hours=2)


@given(st.integers(1, 9), st.integers(1, 6), st.lists(st.integers(0, 9), max_size=9))
def test_items_are_reported_once_and_all_of_them_in_the_end(bought: int, units: int, parcels: list[int]) -> None:
    ordered, left, reported = Decimal(bought * units), Decimal(0), Decimal(0)
    for packed in [*parcels, bought * units]:
        left = min(ordered, left + packed)
        goods = [Goods("1", "a", ordered, left)]
        reported += newly_left({"1": Decimal(bought)}, goods, {"1": reported})["1"]
        assert reported * units <= left
    assert reported == bought
    assert not is_partial({"1": Decimal(bought)}, {"1": reported})
