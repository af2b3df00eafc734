"""Nothing a caller writes as a field, an order, a group, a table or a filter reaches the database unread.

Whatever the text, a query either means one of the known things or raises `DataError` or `ValidationError`; the database
never sees a broken statement, and no statement but one SELECT.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

import pytest
from frappe_engine.context.errors import ValidationError
from frappe_engine.context.local import current
from frappe_engine.testing import TestSite
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

PIECES = (
    "name", "qty", "status", "day", "rows", "grp", "sku", "tabQP Doc", "`tabQP Doc`", "tabUser", "`tabUser`", "password", "`", "'", '"',
    ".", ",", "(", ")", "*", "+", "-", "/", "%", "=", "<", ">", "!=", "?", ";", "--", "/*", "*/", "#", "\\", "\0", "\n", " ", " as ",
    " desc", " asc", "distinct ", "count", "sum", "max", "sleep", "if", "ifnull", "concat", "extract", " from ", " union select ",
    " or 1=1", " and ", "select 1", "(select name from tabUser)", "null", "1", "0.5", "'x'", "\"y\"", "0x41", "中文", "é", "$", "@x", ":x",
    "%s", "%(x)s", "into outfile", "benchmark(1,1)", "case when 1 then 1 end", "limit 1",
)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join)
anything = st.one_of(texts, st.text(max_size=20))
OPERATORS = (
    "=",
    "!=",
    "<",
    ">",
    ">=",
    "<=",
    "like",
    "not like",
    "in",
    "not in",
    "is",
    "between",
    "timespan",
    "descendants of",
)
values = st.one_of(
    anything, st.none(), st.integers(-5, 5), st.booleans(), st.floats(allow_nan=False, allow_infinity=False),
    st.lists(st.one_of(anything, st.integers(), st.none()), max_size=3),
)  # fmt: skip
QUOTED = re.compile(r"`[^`]*`|''|'[-0-9: |]+'|'DocType'|'Customize Form'")  # names, and the literals of our own
STRUCTURE = re.compile(r"['\"\\;#@]|--|/\*|\b(?:union|outfile|sleep|benchmark|password)\b", re.IGNORECASE)
fuzzed = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture(scope="module")
def attempt(queried_site: TestSite) -> Any:
    """Run a call; it may succeed or be refused, and what reached the database must be one clean SELECT."""
    with queried_site.connected() as context:
        sent: list[str] = []
        execute = context.db.execute

        def noted(query: str, parameters: Any = (), **how: Any) -> Any:
            sent.append(query)
            return execute(query, parameters, **how)

        context.db.execute = noted

        def run(call: Callable[[Any], Any]) -> None:
            sent.clear()
            with suppress(ValidationError):
                call(import_module("frappe"))
            for query in sent:
                assert query.startswith("SELECT ")
                assert not STRUCTURE.search(QUOTED.sub("", query)), query
            assert current().db.count("QP Doc") == 5

        yield run


@fuzzed
@given(text=anything)
@example(text="[")
def test_fields(attempt: Any, text: str) -> None:
    attempt(lambda frappe: frappe.get_all("QP Doc", fields=[text]))
    attempt(lambda frappe: frappe.get_list("QP Doc", fields=text))
    attempt(lambda frappe: frappe.db.get_value("QP Doc", "D1", text))


@fuzzed
@given(alias=anything)
def test_names_of_columns(attempt: Any, alias: str) -> None:
    attempt(lambda frappe: frappe.get_all("QP Doc", fields=[f"qty as {alias}"]))
    attempt(lambda frappe: frappe.get_all("QP Doc", fields=[{"SUM": "qty", "as": alias}]))


@fuzzed
@given(function=anything, argument=st.one_of(anything, st.lists(anything, max_size=2)))
def test_functions_as_dicts(attempt: Any, function: str, argument: Any) -> None:
    attempt(lambda frappe: frappe.get_all("QP Doc", fields=[{function: argument}]))


@fuzzed
@given(text=anything)
def test_order_and_group(attempt: Any, text: str) -> None:
    attempt(lambda frappe: frappe.get_all("QP Doc", order_by=text))
    attempt(lambda frappe: frappe.get_all("QP Doc", fields=["count(*) as n"], group_by=text))
    attempt(lambda frappe: frappe.db.get_value("QP Doc", {"qty": 1}, "name", order_by=text))


@fuzzed
@given(field=anything, operator=st.one_of(st.sampled_from(OPERATORS), anything), value=values)
def test_filters(attempt: Any, field: str, operator: str, value: Any) -> None:
    attempt(lambda frappe: frappe.get_all("QP Doc", filters={field: [operator, value]}))
    attempt(lambda frappe: frappe.get_all("QP Doc", or_filters=[[field, operator, value]]))
    attempt(lambda frappe: frappe.get_all("QP Doc", filters=[[field, "qty", operator, value]]))
    attempt(lambda frappe: frappe.db.count("QP Doc", {field: value}))


@fuzzed
@given(
    value=values,
    operator=st.sampled_from(OPERATORS),
    field=st.sampled_from(["title", "qty", "day", "at", "tm", "grp", "dur"]),
)
def test_values(attempt: Any, value: Any, operator: str, field: str) -> None:
    attempt(lambda frappe: frappe.get_all("QP Doc", filters={field: [operator, value]}))
    attempt(lambda frappe: frappe.db.get_value("QP Doc", {field: [operator, value]}))


@fuzzed
@given(doctype=anything)
def test_doctypes(attempt: Any, doctype: str) -> None:
    attempt(lambda frappe: frappe.get_all(doctype))
    attempt(lambda frappe: frappe.db.get_value(doctype, {"name": "x"}, "name"))
    attempt(lambda frappe: frappe.db.exists(doctype, {"name": "x"}))


@pytest.mark.parametrize(
    "parts",
    [
        {"limit": "1; drop table x"},
        {"limit_start": "1 union select 1", "limit": 1},
        {"limit": "1, (select 1)"},
    ],
)
def test_limits_are_numbers(attempt: Any, parts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        attempt(lambda frappe: frappe.get_all("QP Doc", **parts))
