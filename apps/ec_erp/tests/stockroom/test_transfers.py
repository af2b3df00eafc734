"""Transfers: the page's way, and shares that add up whatever comes in which order."""

from decimal import Decimal

from algorithm_tables import number, read_table
from ec_erp.stockroom.rules.transfers import closed, is_whole, receipt_problems, received, status_of, worth
from ec_erp.stockroom.types import TransferLine
from hypothesis import given
from hypothesis import strategies as st


def test_the_way_of_the_page() -> None:
    sent, *steps = read_table("transfer.md", "Seven sent, worth 10.00")
    line = TransferLine("row", "A", number(sent["qty"]), sent=number(sent["qty"]), cost=number(sent["worth"]))
    assert status_of([line]) == sent["status"]
    for row in steps:
        assert worth(line, number(row["qty"]), "CNY") == number(row["worth"])
        line = received(line, number(row["qty"])) if row["step"] == "received" else closed(line, "Loss")
        assert (line.on_the_way, status_of([line])) == (number(row["on the way"]), row["status"])


def test_no_more_comes_than_is_on_its_way() -> None:
    line = TransferLine("row", "A", Decimal(5), sent=Decimal(5), received=Decimal(2))
    assert receipt_problems({"row": line}, {"row": Decimal(3)}) == []
    assert receipt_problems({"row": line}, {"row": Decimal(4)})
    assert receipt_problems({"row": line}, {"other": Decimal(1)})


def test_what_goes_back_is_not_lost() -> None:
    line = closed(TransferLine("row", "A", Decimal(5), sent=Decimal(5), received=Decimal(2)), "Back")
    assert (line.back, line.lost, is_whole([line])) == (3, 0, True)


@given(st.integers(1, 50), st.decimals(0, 999, places=2), st.lists(st.integers(1, 9), max_size=20))
def test_shares_add_up_to_what_was_sent(sent: int, cost: Decimal, parts: list[int]) -> None:
    line = TransferLine("row", "A", Decimal(sent), sent=Decimal(sent), cost=cost)
    total = Decimal(0)
    for part in [*map(Decimal, parts), Decimal(sent)]:
        qty = min(part, line.on_the_way)
        total += worth(line, qty, "CNY")
        line = received(line, qty)
    assert (total, line.on_the_way) == (cost, 0)
