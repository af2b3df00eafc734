"""Credit of customers: the page's tables."""

from datetime import date

import pytest
from algorithm_tables import Row, number, read_table
from ec_erp.orders.rules.credit import Credit, credit_problem, overdue_policy, overdue_problem, undelivered

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


@pytest.mark.parametrize("row", read_table(PAGE, "Overdue instalments"), ids=lambda row: " ".join(row.values()))
def test_overdue_instalments(row: Row) -> None:
    said = [
        (level, *(row[level].rpartition(" ")[::2] if row[level] else ("", "0")))
        for level in ("customer", "terms", "company")
    ]
    policy = overdue_policy((level, choice, int(days)) for level, choice, days in said)
    unpaid = [(date.fromisoformat(one[:10]), number(one[11:])) for one in row["unpaid"].split(", ") if one]
    found = overdue_problem(policy, unpaid, date(2026, 11, 23))
    assert (found is not None) == (row["stops"] == "yes")


def test_what_is_overdue_is_told_without_what_is_late_for_less() -> None:
    policy = overdue_policy([("Company", "Stop New Orders", 10)])
    unpaid = [(date(2026, 11, 20), number("70")), (date(2026, 11, 1), number("30"))]
    found = overdue_problem(policy, unpaid, date(2026, 11, 23))
    assert found is not None
    assert found.values[:3] == (30, "2026-11-01", 10)
