"""Orders pass by themselves unless somebody is asked for, and then with the reason."""

from dataclasses import replace
from decimal import Decimal

import pytest
from algorithm_tables import Row, number, read_table
from ec_erp.kernel.problems import Problem, problem
from ec_erp.orders.rules.auditing import AuditFacts, AuditPolicy, audit
from hypothesis import given
from hypothesis import strategies as st

money = st.decimals(min_value=-1000, max_value=1000, places=2)


def told(found: Problem) -> str:
    return found.message.format(*found.values)


@pytest.mark.parametrize("row", read_table("order-audit.md", "Who is asked"))
def test_who_is_asked(row: Row) -> None:
    facts = AuditFacts(
        number(row["total"]),
        number(row["goods before"]),
        number(row["discount"]),
        number(row["profit"]),
        row["sale"] == "yes",
    )
    policy = AuditPolicy(number(row["finance over"]), number(row["finance from %"]), row["hold losses"] == "yes")
    found = audit(facts, policy)
    assert ("; ".join(map(told, found.finance)), told(found.loss) if found.loss else "") == (
        row["finance"],
        row["loss"],
    )


@given(money, money, money, money)
def test_what_passes_has_no_reason_and_the_rest_has_one(
    total: Decimal, goods: Decimal, discount: Decimal, limit: Decimal
) -> None:
    found = audit(AuditFacts(total, goods, discount, total - goods), AuditPolicy(abs(limit), abs(limit), True))
    assert found.passes == (not found.reasons)


@given(money, money)
def test_a_rule_that_asks_is_never_overruled(total: Decimal, limit: Decimal) -> None:
    asked = AuditPolicy(finance_over=abs(limit), finance=(problem("a rule"),))
    assert told(audit(AuditFacts(total), asked).finance[0]) == "a rule"
    assert not audit(AuditFacts(total), replace(asked, finance=(), person=(problem("a rule"),))).passes
