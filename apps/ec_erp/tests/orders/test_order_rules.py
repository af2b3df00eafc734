"""Conditions compare as people expect, rules match by their conditions, and a book survives being written down."""

from datetime import datetime, timedelta

import pytest
from algorithm_tables import Row, read_table
from ec_erp.kernel.problems import Comparison, Comparisons
from ec_erp.orders.rules import conditions, rulebook
from ec_erp.orders.rules.conditions import Condition, OrderFacts
from ec_erp.orders.rules.rulebook import Action, GiftItem, GiftRule, OrderRule, RuleBook
from ec_erp.orders.rules.rulebook_text import from_values, to_values
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 1, 10)
texts = st.text(max_size=8)
some_conditions = st.lists(
    st.builds(
        Condition,
        st.sampled_from(conditions.SCOPES),
        st.sampled_from(["qty", "brand", "shop"]),
        st.sampled_from(sorted(conditions.OPERATORS)),
        texts,
    ),
    max_size=3,
).map(tuple)
moments = st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1))
some_rules = st.builds(
    OrderRule,
    name=texts,
    stage=st.sampled_from(rulebook.STAGES),
    actions=st.lists(st.builds(Action, texts, texts, texts), max_size=2).map(tuple),
    conditions=some_conditions,
    match_all=st.booleans(),
    priority=st.integers(0, 20),
    valid_from=moments,
    valid_to=moments,
    stops=st.booleans(),
)
some_gifts = st.builds(GiftRule, name=texts, items=st.just((GiftItem("G", "1"),)), conditions=some_conditions)


@pytest.mark.parametrize("row", read_table("order-rules.md", "Conditions"))
def test_conditions(row: Row) -> None:
    assert conditions.compare(row["comparison"], row["value"] or None, row["with"]) == (row["holds"] == "yes")


def facts(**order: object) -> OrderFacts:
    return OrderFacts(
        order, lines=[{"qty": 1, "sku": "A"}, {"qty": 5, "sku": "B"}], skus=[{"brand": "X"}, {"brand": "Y"}]
    )


@pytest.mark.parametrize(
    ("scope", "field", "value", "holds"),
    [
        ("Any Line", "qty", "4", True),
        ("Every Line", "qty", "4", False),
        ("Every Line", "qty", "0", True),
        ("Order", "my_custom_field", "7", True),
    ],
)
def test_scopes(scope: str, field: str, value: str, *, holds: bool) -> None:
    seen = conditions.check(Condition(scope, field, "more than", value), facts(my_custom_field=8))
    assert seen.holds is holds


def test_the_lines_of_a_condition_are_found() -> None:
    wanted = [Condition("SKU of Any Line", "brand", "equals", "y"), Condition("Order", "shop", "equals", "S")]
    assert conditions.matching_lines(wanted, facts()) == [1]


def test_what_a_condition_saw_is_told() -> None:
    rule = OrderRule(
        "Big", rulebook.AUDIT, (Action(rulebook.ASK_FINANCE),), (Condition("Order", "grand_total", "more than", "100"),)
    )
    (match,) = rulebook.matches(RuleBook("1", (rule,)), rulebook.AUDIT, facts(grand_total=150.5), NOW)
    seen = Comparison("more than", "100", "150.5", "Sales Order", "grand_total")
    assert rulebook.reason(match).values == ("Big", Comparisons((seen,)))


def test_rules_are_looked_at_by_priority_until_one_stops() -> None:
    first = OrderRule("Z", rulebook.AUDIT, (), priority=1)
    stopping = OrderRule("A", rulebook.AUDIT, (), priority=2, stops=True)
    never = OrderRule("B", rulebook.AUDIT, (), priority=3)
    found = rulebook.matches(RuleBook("1", (never, stopping, first)), rulebook.AUDIT, facts(), NOW)
    assert [match.rule.name for match in found] == ["Z", "A"]


def test_rules_have_their_time_and_shop() -> None:
    past = OrderRule("past", rulebook.AUDIT, (), valid_to=NOW - timedelta(1))
    future = OrderRule("future", rulebook.AUDIT, (), valid_from=NOW + timedelta(1))
    elsewhere = OrderRule("elsewhere", rulebook.AUDIT, (), shop="T")
    here = OrderRule("here", rulebook.AUDIT, (), shop="s")
    found = rulebook.matches(RuleBook("1", (past, future, elsewhere, here)), rulebook.AUDIT, facts(shop="S"), NOW)
    assert [match.rule.name for match in found] == ["here"]


def test_what_is_not_known_of_a_condition_is_named_alone() -> None:
    for wrong, word in (
        (Condition("Order", "shop", "=", "1"), "="),
        (Condition("Shop", "name", "equals", "1"), "Shop"),
    ):
        (found,) = rulebook.rule_problems(rulebook.PREPARE, (), [wrong])
        assert found.values == (word,)


def test_impossible_rules_are_refused() -> None:
    actions = [Action(rulebook.USE_CARRIER, "SF"), Action(rulebook.HOLD, "soon"), Action(rulebook.ADD_MARK)]
    found = rulebook.rule_problems(rulebook.PREPARE, actions, [Condition("Order", "shop", "equals")])
    assert len(found) == 4


@given(st.lists(some_rules, max_size=4), st.lists(some_gifts, max_size=2))
def test_a_book_survives_being_written_down(rules: list[OrderRule], gifts: list[GiftRule]) -> None:
    book = RuleBook("7", tuple(rules), tuple(gifts))
    assert from_values(to_values(book), "7") == book
    assert rulebook.differences(book, from_values(to_values(book))) == []


@given(some_conditions, st.booleans())
def test_a_rule_matches_as_its_conditions_do(given_conditions: tuple[Condition, ...], match_all: bool) -> None:
    rule = OrderRule("r", rulebook.AUDIT, (), given_conditions, match_all=match_all)
    held = [conditions.check(one, facts()).holds for one in given_conditions]
    expected = not held or (all(held) if match_all else any(held))
    assert (rulebook.applies(rule, facts(), NOW) is not None) == expected
