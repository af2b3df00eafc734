"""`frappe.qb`: PyPika's queries run on both databases, and values are parameters wherever they stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypika import Order
from pypika.terms import ExistsCriterion, Interval, ValueWrapper


class Colour(Enum):
    RED = "Open"


@pytest.fixture
def qb(frappe: Any) -> Any:
    return frappe.qb


@pytest.fixture
def docs(qb: Any) -> Any:
    return qb.DocType("QP Doc")


@pytest.fixture
def rows(qb: Any) -> Any:
    return qb.DocType("QP Row")


def fn() -> Any:
    return import_module("frappe.query_builder.functions")


SELECTS: dict[str, tuple[Callable[[Any, Any, Any], Any], list[Any]]] = {
    "where and order": (
        lambda qb, d, r: qb.from_(d).select(d.name).where((d.qty > 1) & (d.status == "Open")), ["d5 Lower"],
    ),
    "or, not": (lambda qb, d, r: qb.from_(d).select(d.name).where((d.qty == 0) | ~(d.qty < 5)), ["D3", "d5 Lower"]),
    "in and between": (
        lambda qb, d, r: qb.from_(d).select(d.name).where(d.name.isin(["D1", "D2"]) & d.qty.between(2, 9)), ["D2"],
    ),
    "not in": (lambda qb, d, r: qb.from_(d).select(d.name).where(d.qty.notin([0, 1, 2])), ["D4", "d5 Lower"]),
    "in nothing": (lambda qb, d, r: qb.from_(d).select(d.name).where(d.name.isin([])), []),
    "not in nothing": (
        lambda qb, d, r: qb.from_(d).select(d.name).where(d.name.notin([]) & (d.qty < 2)), ["D1", "D3"],
    ),
    "in a query": (
        lambda qb, d, r: qb.from_(d).select(d.name).where(
            d.name.isin(qb.from_(r).select(r.parent).where(r.sku == "A"))
        ), ["D1", "D2"],
    ),
    "exists": (
        lambda qb, d, r: qb.from_(d).select(d.name).where(
            ExistsCriterion(qb.from_(r).select(r.name).where((r.parent == d.name) & (r.qty > 4)))
        ), ["D2", "d5 Lower"],
    ),
    "like": (lambda qb, d, r: qb.from_(d).select(d.name).where(d.title.like("%ow%")), ["d5 Lower"]),
    "null": (lambda qb, d, r: qb.from_(d).select(d.name).where(d.status.isnull() | d.day.isnull()), ["D4"]),
    "a date": (lambda qb, d, r: qb.from_(d).select(d.name).where(d.day == date(2026, 1, 1)), ["D1"]),
    "a moment": (lambda qb, d, r: qb.from_(d).select(d.name).where(d.at > datetime(2026, 1, 31)), ["D3", "d5 Lower"]),
    "an enumeration": (lambda qb, d, r: qb.from_(d).select(d.name).where(d.status == Colour.RED), ["D1", "d5 Lower"]),
    "a truth value": (lambda qb, d, r: qb.from_(d).select(d.name).where(d.active == True), ["D1", "D3", "d5 Lower"]),  # noqa: E712
    "interval": (
        lambda qb, d, r: qb.from_(d).select(d.name).where(d.day + Interval(days=1) > "2026-02-01"), ["d5 Lower"],
    ),
    "union": (
        lambda qb, d, r: qb.from_(d).select(d.name).where(d.qty == 1) + qb.from_(d).select(d.name).where(d.qty == 2),
        ["D1", "D2"],
    ),
    "union all": (
        lambda qb, d, r: qb.from_(d).select(d.name).where(d.qty == 1) * qb.from_(d).select(d.name).where(d.qty == 1),
        ["D1", "D1"],
    ),
    "coalesce": (
        lambda qb, d, r: qb.from_(d).select(fn().Coalesce(d.status, "none")).where(d.qty == 4), ["none"],
    ),
    "case": (
        lambda qb, d, r: qb.from_(d).select(
            qb.terms.Case().when(d.qty > 4, "many").when(d.qty == 0, "none").else_("some")
        ), ["many", "none", "some", "some", "some"],
    ),
    "concat": (
        lambda qb, d, r: qb.from_(d).select(fn().Concat(d.name, "-", d.qty)).where(d.name == "D1"), ["D1-1"],
    ),
    "a percent sign": (
        lambda qb, d, r: qb.from_(d).select(d.remark).where(d.remark == "50% off_x"), ["50% off_x"],
    ),
    "a percent sign in a number's place": (
        lambda qb, d, r: qb.from_(d).select(ValueWrapper("100%")).where(d.name == "D1"), ["100%"],
    ),
    "replace, trim, substring, upper": (
        lambda qb, d, r: qb.from_(d).select(
            fn().Upper(fn().Substring(fn().Trim(fn().Replace(d.remark, "alpha", " beta ")), 1, 2))
        ).where(d.name == "D1"), ["BE"],
    ),
    "date functions": (
        lambda qb, d, r: qb.from_(d).select(fn().DateFormat(d.day, "%Y/%m")).where(d.name == "D2"), ["2026/01"],
    ),
    "round, floor, abs": (
        lambda qb, d, r: qb.from_(d).select(fn().Round(fn().Abs(d.amount) / 3, 1)).where(d.name == "d5 Lower"), [1.7],
    ),
    "locate": (lambda qb, d, r: qb.from_(d).select(fn().Locate("o", d.title)).where(d.qty == 5), [5]),
    "day and time together": (
        lambda qb, d, r: qb.from_(d).select(fn().CombineDatetime(d.day, d.tm)).where(d.name == "D1"),
        [datetime(2026, 1, 1, 8)],
    ),
    "sub-query as a source": (
        lambda qb, d, r: (
            lambda sub: qb.from_(sub).select(sub.parent).where(sub.total > 4)
        )(qb.from_(r).select(r.parent, fn().Sum(r.qty).as_("total")).groupby(r.parent).as_("sub")), ["D2", "d5 Lower"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", list(SELECTS))
def test_queries_give_their_rows(case: str, qb: Any, docs: Any, rows: Any) -> None:
    build, expected = SELECTS[case]
    assert sorted(row[0] for row in build(qb, docs, rows).run()) == expected


def test_grouping_having_and_ordering(qb: Any, docs: Any) -> None:
    total = fn().Sum(docs.qty).as_("total")
    query = qb.from_(docs).select(docs.active, total, fn().Count("*").as_("n")).groupby(docs.active)
    query = query.having(fn().Count("*") > 1).orderby(docs.active, order=Order.desc)
    assert query.run() == ((1, 6.0, 3), (0, 6.0, 2))


def test_joins(qb: Any, docs: Any, rows: Any) -> None:
    query = qb.from_(docs).inner_join(rows).on((rows.parent == docs.name) & (rows.qty < 3)).select(docs.title, rows.sku)
    assert query.orderby(rows.idx).run(as_dict=True) == [{"title": "D1", "sku": "A"}, {"title": "D1", "sku": "B"}]


def test_a_common_table_expression(qb: Any, docs: Any) -> None:
    from pypika import AliasedQuery

    inner = qb.from_(docs).select(docs.name).where(docs.qty > 3)
    assert len(qb.with_(inner, "big").from_(AliasedQuery("big")).select("name").run()) == 2


def test_a_select_without_a_table(qb: Any) -> None:
    assert qb.select(1, ValueWrapper("it's")).run() == ((1, "it's"),)


def test_options_of_run(qb: Any, docs: Any) -> None:
    query = qb.from_(docs).select(docs.name, docs.qty).where(docs.qty == 5)
    assert query.run(as_dict=True) == [{"name": "d5 Lower", "qty": 5}]
    assert query.run(as_list=True) == [["d5 Lower", 5]]
    assert query.run(pluck=True) == ["d5 Lower"]
    assert list(query.run(as_iterator=True)) == [("d5 Lower", 5)]
    assert query.run(run=False).startswith("SELECT")


def test_rows_are_locked(qb: Any, docs: Any, frappe: Any) -> None:
    assert qb.from_(docs).select(docs.qty).where(docs.name == "D1").for_update().run() == ((1,),)
    assert frappe.db.in_transaction()


def test_insert_update_and_delete(qb: Any, frappe: Any) -> None:
    series = qb.DocType("Series")
    qb.into(series).columns("name", "current").insert("Q1", 1).insert("Q2", 2).run()
    qb.update(series).set(series.current, series.current + 10).where(series.name == "Q1").run()
    assert qb.from_(series).select(series.current).where(series.name.isin(["Q1", "Q2"])).orderby(series.name).run(
        pluck=True
    ) == [11, 2]
    qb.from_(series).where(series.name == "Q1").delete().run()
    assert not frappe.db.sql("select 1 from `tabSeries` where name = 'Q1'")


def test_update_with_a_join_and_a_case(qb: Any, docs: Any, rows: Any, frappe: Any) -> None:
    qb.update(docs).inner_join(rows).on(rows.parent == docs.name).set(docs.remark, rows.sku).where(rows.idx == 1).run()
    qb.update(docs).set(docs.qty, qb.terms.Case().when(docs.remark == "A", 100).else_(docs.qty)).run()
    assert frappe.get_all("QP Doc", ["remark", "qty"], order_by="name", as_list=1) == (
        ("A", 100), ("A", 100), ("", 0), (None, 4), ("C", 5),
    )  # fmt: skip


def test_duplicates_update_what_is_there(qb: Any) -> None:
    series = qb.DocType("Series")
    for number in (1, 5):
        query = qb.into(series).columns("name", "current").insert("Q1", number)
        query.on_duplicate_key_update(series.current, series.current + number).run()
    assert qb.from_(series).select(series.current).where(series.name == "Q1").run() == ((6,),)


@given(value=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20))
def test_values_are_never_part_of_the_text(queried_sql: Any, value: str) -> None:
    qb = import_module("frappe").qb
    docs = qb.DocType("QP Doc")
    query = qb.from_(docs).select(ValueWrapper(value)).where((docs.name == "D1") & (docs.title != value))
    text, values = query.walk()
    assert list(values.values()) == [value, "D1", value]
    assert "SELECT %(param1)s" in text
    assert query.run() == ((value,),)


def test_tables_without_a_doctype_keep_their_names(qb: Any) -> None:
    assert qb.DocType("__Auth").get_table_name() == "__Auth"
    assert qb.DocType("User").get_table_name() == "tabUser"
    assert qb.DocType("User", alias="u").name.get_sql(quote_char="`", with_namespace=True) == "`u`.`name`"


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("max", ("QP Doc", "qty"), 5),
        ("min", ("QP Doc", "qty", {"qty": [">", 0]}), 1),
        ("sum", ("QP Doc", "amount", {"status": "Open"}), 5.0),
        ("avg", ("QP Doc", "qty"), 2.4),
        ("sum", ("QP Doc", "qty", {"name": "nope"}), 0),
    ],
)
def test_aggregates(qb: Any, name: str, arguments: tuple[Any, ...], expected: float) -> None:
    assert getattr(qb, name)(*arguments) == expected


def test_a_query_by_parts_gives_its_sql_with_values(qb: Any, frappe: Any) -> None:
    query = qb.get_query("QP Doc", fields=["name"], filters={"title": ["in", ["it's", "D1"]]})
    assert frappe.db.sql(query.get_sql()) == (("D1",),)
