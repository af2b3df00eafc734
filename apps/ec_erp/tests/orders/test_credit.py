"""Credit of customers: the page's tables."""

import pytest
from algorithm_tables import Row, number, read_table
from ec_erp.orders.rules.credit import Credit, credit_problem, undelivered

PAGE = "customer-credit.md"


@pytest.mark.parametrize("row", read_table(PAGE, "Looking at an order"), ids=lambda row: " ".join(row.values()))
def test_looking_at_an_order(row: Row) -> None:
    credit = Credit(number(row["limit"]), number(row["owed"]), number(row["on order"]))
    assert (credit_problem(credit, number(row["total"])) is None) == (row["goes on"] == "yes")


@pytest.mark.parametrize(
    "row", read_table(PAGE, "What of an order is still on order"), ids=lambda row: " ".join(row.values())
)
def test_what_is_still_on_order(row: Row) -> None:
    assert undelivered(number(row["total"]), number(row["delivered %"])) == number(row["on order"])
