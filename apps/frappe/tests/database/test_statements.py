"""Parameters of raw SQL: every form of placeholder, every kind of value, nothing inside quotes."""

from __future__ import annotations

import resource
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from frappe_engine.context.local import Context
from frappe_engine.database.mariadb import MariaDBDriver
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


def test_values_are_written_into_a_statement_as_what_they_are() -> None:
    """Quotes end no literal, dates stay dates, and a question mark in a text is none of the statement's."""
    values = ["it's \\ ?", None, 1.5, True, date(2026, 2, 1)]
    written = MariaDBDriver.with_values("select ?, ?, ?, ?, ? from t where a = '?'", values)
    assert written == "select 'it''s \\\\ ?', NULL, 1.5, 1, DATE'2026-02-01' from t where a = '?'"


@pytest.mark.parametrize("value", [b"bytes", float("nan"), Decimal("Infinity"), object()])
def test_what_has_no_literal_is_left_to_the_connector(value: object) -> None:
    """Bytes and numbers that are none are bound, or refused, by MariaDB's connector."""
    assert MariaDBDriver.with_values("select ?", [value]) is None
    assert MariaDBDriver.with_rows("INSERT INTO `t` (`a`) VALUES (?)", [(value,)]) is None


def test_a_few_rows_are_written_into_one_insert() -> None:
    """What follows the row stays behind the last; statements of another shape are left alone."""
    query = "INSERT INTO `t` (`a`, `b`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `b` = VALUES(`b`)"
    written = MariaDBDriver.with_rows(query, [(1, "x"), (2, None)])
    assert written == "INSERT INTO `t` (`a`, `b`) VALUES (1, 'x'), (2, NULL) ON DUPLICATE KEY UPDATE `b` = VALUES(`b`)"
    assert MariaDBDriver.with_rows("UPDATE `t` SET `a` = ?", [(1,), (2,)]) is None


def test_a_few_rows_are_changed_by_one_update() -> None:
    """Each row gets its own values, whatever its name holds; what is the same for all is written once."""
    query = "UPDATE `tabT` SET `a` = ?, `b` = ? WHERE `name` = ?"
    written = MariaDBDriver.with_rows(query, [(1, "x", "o'{0"), (2.5, "x", "n")])
    assert written == (
        "UPDATE `tabT` FORCE INDEX (PRIMARY) SET `a` = CASE `name` WHEN 'o''{0' THEN 1 WHEN 'n' THEN 2.5 END, `b` = 'x'"
        " WHERE `name` IN ('o''{0', 'n')"
    )


@pytest.mark.parametrize("rows", [[(1, "n"), (2, "N")], [(1, "n"), (2, "n", "m")], [(n, f"n{n}") for n in range(9)]])
def test_other_updates_are_left_to_the_connector(rows: list[tuple[object, ...]]) -> None:
    """A row named twice takes its values in turn; many rows are sent apart from the statement."""
    assert MariaDBDriver.with_rows("UPDATE `tabT` SET `a` = ? WHERE `name` = ?", rows) is None


def test_reading_decimals_keeps_no_memory(queried: Context) -> None:
    """A worker that has read a hundred thousand amounts is no larger than before."""
    query = f"select {', '.join(['cast(1.5 as decimal(21,9))'] * 50)}"
    assert queried.db.sql(query)[0] == (1.5,) * 50
    before = resident_kib()
    for _time in range(2000):
        queried.db.sql(query)
    assert resident_kib() - before < 4096


def resident_kib() -> int:
    """Give the memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024
