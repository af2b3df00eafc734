"""Conditions on documents: what they see, how they fail, and that no text breaks them."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from frappe_engine.expressions import (
    EvaluationError,
    ExpressionError,
    ExpressionSyntaxError,
    _log_once,
    check,
    compiled,
    evaluate,
    is_met,
)
from hypothesis import given
from hypothesis import strategies as st

PIECES = """
doc parent frappe a b length includes ( ) [ ] { } . ?. ?? ? : , ; ! - + * / % < > <= >= == === != !== && || & | ^ ~ in
typeof 'a' "b" `c` 0 1 2.5 true false null undefined NaN = => ... new this
"""
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.decimals(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=6,
)


class Document:
    """Like a document of the engine: fields by `get`, everything else an attribute."""

    def __init__(self, **fields: Any) -> None:
        self._fields = fields
        self.secret = "not a field"

    def get(self, key: str, default: Any = None) -> Any:
        return self._fields.get(key, default)

    def delete(self) -> None:
        raise AssertionError("expressions must not call methods of documents")


@given(st.lists(st.sampled_from(PIECES.split()), max_size=14), values, values)
def test_no_text_raises_anything_but_its_own_errors(pieces: list[str], a: Any, b: Any) -> None:
    try:
        evaluate("eval:" + " ".join(pieces), {"a": a, "b": b})
    except ExpressionError:
        return


@given(st.text())
def test_no_text_at_all_breaks_reading(text: str) -> None:
    try:
        check("eval:" + text)
    except ExpressionSyntaxError:
        return


@given(values, values)
def test_equality_is_the_opposite_of_inequality(a: Any, b: Any) -> None:
    doc = {"a": a, "b": b}
    assert evaluate("eval:doc.a == doc.b", doc) is not evaluate("eval:doc.a != doc.b", doc)
    assert evaluate("eval:doc.a == doc.b", doc) is evaluate("eval:doc.b == doc.a", doc)
    assert evaluate("eval:doc.a === doc.b", doc) <= evaluate("eval:doc.a == doc.b", doc)


@given(values)
def test_truth_is_one_thing_everywhere(a: Any) -> None:
    doc = {"a": a}
    truth = evaluate("eval:!!doc.a", doc)
    assert evaluate("eval:doc.a ? true : false", doc) is truth
    assert evaluate("eval:Boolean(doc.a)", doc) is truth
    assert is_met("eval:doc.a", doc) is truth


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_sums_and_products_are_those_of_numbers(a: int, b: int) -> None:
    assert evaluate("eval:doc.a * doc.b - doc.a + doc.b", {"a": a, "b": b}) == a * b - a + b


@pytest.mark.parametrize(
    ("value", "expression", "expected"),
    [
        (date(2024, 2, 29), "eval:doc.x == '2024-02-29'", True),
        (datetime(2024, 2, 29, 10), "eval:doc.x > '2024-02-29 09:00:00'", True),
        (timedelta(hours=9), "eval:doc.x", "9:00:00"),
        (Decimal("1.50"), "eval:doc.x + 1", 2.5),
        ((1, 2), "eval:doc.x.length", 2),
        (10**20, "eval:doc.x > 1", True),
        (b"ab", "eval:doc.x.length", 2),
    ],
)
def test_values_of_the_database_are_read_as_the_desk_has_them(value: Any, expression: str, expected: Any) -> None:
    assert evaluate(expression, {"x": value}) == expected


def test_documents_show_their_fields_only() -> None:
    document = Document(status="Open", items=[Document(qty=2)])
    assert evaluate("eval:doc.status == 'Open' && doc.items[0].qty == 2", document) is True
    assert evaluate("eval:doc.secret", document) is None
    assert is_met("items", document)
    with pytest.raises(EvaluationError):
        evaluate("eval:doc.delete()", document)


def test_lent_functions_that_fail_are_evaluation_errors() -> None:
    with pytest.raises(EvaluationError, match="a call failed"):
        evaluate("eval:fail()", {}, names={"fail": lambda: 1 / 0})


def test_lent_names_win_over_helpers() -> None:
    assert evaluate("eval:cint('5')", {}, names={"cint": lambda _text: 7}) == 7


@pytest.mark.parametrize(
    ("condition", "expected"), [(None, True), ("", True), (True, True), (0, False), (lambda doc: doc["a"], True)]
)
def test_conditions_have_other_forms_than_text(condition: Any, expected: bool) -> None:
    assert is_met(condition, {"a": 1}) is expected


@pytest.mark.parametrize("text", ["eval:doc.a.b", "eval:doc.a =", "eval:nobody", "fn:handler"])
def test_a_condition_that_fails_is_not_met_and_logged_once(text: str, caplog: pytest.LogCaptureFixture) -> None:
    _log_once.cache_clear()
    with caplog.at_level(logging.WARNING):
        assert not is_met(f"{text} ", {})
        assert not is_met(f"{text} ", {})
    assert [text in record.getMessage() for record in caplog.records] == [True]


def test_errors_name_their_expression() -> None:
    with pytest.raises(EvaluationError, match=r"there is no b of undefined in: eval:doc\.a\.b"):
        evaluate("eval:doc.a.b", {})
    with pytest.raises(ExpressionSyntaxError, match=r"unexpected '=' at 6 in: eval:doc\.a = 1"):
        evaluate("eval:doc.a = 1", {})


@pytest.mark.parametrize("text", ["(" * 100 + "1" + ")" * 100, "!" * 100 + "1", "1" + "+1" * 300, f"'{'x' * 20000}'"])
def test_what_is_too_long_or_too_deep_is_refused(text: str) -> None:
    with pytest.raises(ExpressionSyntaxError):
        check(f"eval:{text}")


def test_expressions_as_long_as_people_write_them_are_evaluated() -> None:
    assert evaluate("eval:0" + "+1" * 250) == 250


def test_a_text_is_read_once() -> None:
    assert compiled("eval:doc.cached") is compiled("eval:doc.cached")


def test_the_table_of_methods_builds_no_long_texts() -> None:
    with pytest.raises(EvaluationError):
        evaluate("eval:doc.x.replaceAll('a', doc.x)", {"x": "a" * 5000})
