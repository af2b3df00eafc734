"""Parameters of raw SQL: every form of placeholder, every kind of value, nothing inside quotes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from frappe_engine.context.local import Context
from frappe_engine.database.statements import NOTHING, literal, prepare, with_literals
from hypothesis import given
from hypothesis import strategies as st

PREPARED: tuple[tuple[str, Any, str, tuple[Any, ...]], ...] = (
    ("a = %s", 1, "a = ?", (1,)),
    ("a = %s", "x", "a = ?", ("x",)),
    ("a = %s and b = %s", (1, "x"), "a = ? and b = ?", (1, "x")),
    ("a = %s and b = %s", [1, None], "a = ? and b = ?", (1, None)),
    ("a = %(b)s and c = %(b)s", {"b": 5}, "a = ? and c = ?", (5, 5)),
    ("a = %(b c)s", {"b c": 5, "unused": 1}, "a = ?", (5,)),
    ("a in %s", [(1, 2)], "a in (?, ?)", (1, 2)),
    ("a in %s", [[1]], "a in (?)", (1,)),
    ("a in %(x)s and b = %(y)s", {"x": {7}, "y": 1}, "a in (?) and b = ?", (7, 1)),
    ("a in %s", [()], f"a in {NOTHING}", ()),
    ("a like '%%x%%' and b = %s", (1,), "a like '%x%' and b = ?", (1,)),
    ("a %% 2 = %s", (1,), "a % 2 = ?", (1,)),
    ("a = '%s' and b = %s", (1,), "a = '%s' and b = ?", (1,)),
    ('a = "%s" and b = %s', (1,), 'a = "%s" and b = ?', (1,)),
    ("`%s` = %s", (1,), "`%s` = ?", (1,)),
    ("a = 'it''s %s' and b = %s", (1,), "a = 'it''s %s' and b = ?", (1,)),
    (r"a = 'it\'s %s' and b = %s", (1,), r"a = 'it\'s %s' and b = ?", (1,)),
    ("a = %s /* not %s */ -- nor %s", (1,), "a = ? /* not %s */ -- nor %s", (1,)),
    ("a like '%x'", (), "a like '%x'", ()),
    ("a like '%%x'", None, "a like '%%x'", ()),
    ("a = %s", (date(2026, 1, 5),), "a = ?", (date(2026, 1, 5),)),
)
LITERALS: tuple[tuple[Any, str], ...] = (
    (None, "NULL"),
    (True, "1"),
    (5, "5"),
    (Decimal("1.50"), "1.50"),
    (date(2026, 1, 5), "'2026-01-05'"),
    ("it's", "'it''s'"),
    ("a\\b", "'a\\\\b'"),
    (b"x", "'x'"),
    ([1, "a"], "(1, 'a')"),
    ([], NOTHING),
)


@pytest.mark.parametrize(("query", "values", "text", "parameters"), PREPARED)
def test_placeholders_become_question_marks(query: str, values: Any, text: str, parameters: tuple[Any, ...]) -> None:
    assert prepare(query, values) == (text, parameters)


@pytest.mark.parametrize(
    ("query", "values", "error"),
    [
        ("a = %s and b = %s", (1,), IndexError),
        ("a = %s", (1, 2), IndexError),
        ("a = %(x)s", {"y": 1}, KeyError),
        ("a = %(x)s", (1,), KeyError),
    ],
)
def test_missing_and_surplus_values_are_refused(query: str, values: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        prepare(query, values)


@pytest.mark.parametrize(("value", "text"), LITERALS)
def test_values_are_written_as_literals(value: Any, text: str) -> None:
    assert literal(value) == text


def test_literals_replace_placeholders_outside_quotes() -> None:
    assert with_literals("a = '?' and b = ? and `?` = ?", ("x", 2)) == "a = '?' and b = 'x' and `?` = 2"


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_literal_comes_back_as_it_was(queried_sql: Any, text: str) -> None:
    assert queried_sql(f"select {literal(text)}") == text


@given(
    st.lists(
        st.one_of(
            st.none(), st.integers(-(2**40), 2**40), st.text(st.characters(codec="utf-8", exclude_characters="\0"))
        )
    )
)
def test_parameters_come_back_as_they_were(queried_sql: Any, values: list[Any]) -> None:
    query = " union all ".join(["select %s"] * len(values)) or "select 1"
    found = queried_sql(query, tuple(values), pluck=True) if values else []
    assert [None if v is None else str(v) for v in found] == [None if v is None else str(v) for v in values]


def test_mogrify_shows_the_values(queried: Context) -> None:
    assert queried.db.mogrify("a = %s and b in %s", ("it's", (1, 2))) == "a = 'it''s' and b in (1, 2)"


@pytest.mark.parametrize(("text", "escaped"), [("a'b%", "'a''b%%'"), ("a\\", "'a\\\\'"), (5, "'5'")])
def test_escape_quotes_and_doubles_percent_signs(queried: Context, text: Any, escaped: str) -> None:
    assert queried.db.escape(text) == escaped


def test_escape_can_leave_percent_signs(queried: Context) -> None:
    assert queried.db.escape("a%b", percent=False) == "'a%b'"
