"""The query builder: each call, and the rows it finds in a table of known rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

ROWS = [("a", "Open", "Low", "2024-01-10"), ("b", "Open", "High", None), ("c", "Closed", "Low", "2024-03-05")]


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The package, with three ToDos (descriptions a, b, c) and nothing else in their table."""
    frappe_connected.db.delete("ToDo")
    for description, status, priority, day in ROWS:
        values = {"description": description, "status": status, "priority": priority, "date": day}
        name = frappe_connected.get_doc({"doctype": "ToDo", **values}).insert().name
        frappe_connected.db.set_value("ToDo", name, "date", day)  # "today" is its default
    return frappe_connected


def table(frappe: Any) -> Any:
    return frappe.qb.DocType("ToDo")


def found(frappe: Any, criterion: Callable[[Any], Any]) -> str:
    todo = table(frappe)
    rows = frappe.qb.from_(todo).select(todo.description).where(criterion(todo)).orderby(todo.description).run()
    return "".join(row[0] for row in rows)


@pytest.mark.parametrize(
    ("name", "criterion", "expected"),
    [
        ("qb term .isin()", lambda todo: todo.description.isin(["a", "c"]), "ac"),
        ("qb term .notin()", lambda todo: todo.description.notin(["a"]), "bc"),
        ("qb term .isnull()", lambda todo: todo.date.isnull(), "b"),
        ("qb term .isnotnull()", lambda todo: todo.date.isnotnull(), "ac"),
        ("qb term .notnull()", lambda todo: todo.date.notnull(), "ac"),
        ("qb term .like()", lambda todo: todo.priority.like("%ow"), "ac"),
        ("qb term .not_like()", lambda todo: todo.priority.not_like("%ow"), "b"),
        ("qb term .eq()", lambda todo: todo.status.eq("Open"), "ab"),
        ("qb term .ne()", lambda todo: todo.status.ne("Open"), "c"),
        ("qb term .between()", lambda todo: todo.date.between("2024-01-01", "2024-01-31"), "a"),
        ("qb term .gt()", lambda todo: todo.date.gt("2024-01-10"), "c"),
        ("qb term .gte()", lambda todo: todo.date.gte("2024-01-10"), "ac"),
        ("qb term .lt()", lambda todo: todo.date.lt("2024-03-05"), "a"),
        ("qb term .lte()", lambda todo: todo.date.lte("2024-03-05"), "ac"),
    ],
)
def test_a_criterion_finds(frappe: Any, name: str, criterion: Callable[[Any], Any], expected: str) -> None:
    assert found(frappe, criterion) == expected, name


def test_criteria_join_by_all_and_any(frappe: Any) -> None:
    from frappe.query_builder import Criterion

    assert found(frappe, lambda todo: Criterion.all([todo.status == "Open", todo.priority == "Low"])) == "a"
    assert found(frappe, lambda todo: Criterion.any([todo.status == "Closed", todo.priority == "High"])) == "bc"


# what apps chain after `frappe.qb.from_(…)`, with the rows that come out
QUERIES: list[tuple[str, Callable[[Any, Any], Any], list[tuple[Any, ...]]]] = [
    ("qb query .select()", lambda q, t: q.select(t.description).where(t.description == "a"), [("a",)]),
    ("qb query .where()", lambda q, t: q.where(t.status == "Closed").select(t.description), [("c",)]),
    ("qb query .limit()", lambda q, t: q.select(t.description).orderby(t.description).limit(1), [("a",)]),
    ("qb query .offset()", lambda q, t: q.select(t.description).orderby(t.description).limit(9).offset(2), [("c",)]),
    ("qb query .distinct()", lambda q, t: q.select(t.priority).distinct().orderby(t.priority), [("High",), ("Low",)]),
    ("qb query .for_update()", lambda q, t: q.select(t.priority).where(t.description == "b").for_update(), [("High",)]),
]


@pytest.mark.parametrize(("name", "build", "expected"), QUERIES)
def test_a_query_finds(frappe: Any, name: str, build: Callable[[Any, Any], Any], expected: Any) -> None:
    todo = table(frappe)
    assert [tuple(row) for row in build(frappe.qb.from_(todo), todo).run()] == expected, name


@pytest.mark.parametrize("name", ["qb query .groupby()", "qb query .having()", "qb query .orderby()", "qb term .as_()"])
def test_groups_are_counted(frappe: Any, name: str) -> None:
    from frappe.query_builder import Order
    from frappe.query_builder.functions import Count

    todo = table(frappe)
    query = frappe.qb.from_(todo).select(todo.status, Count(todo.name).as_("number")).groupby(todo.status)
    rows = query.having(Count(todo.name) > 0).orderby(todo.status, order=Order.desc).run(as_dict=True)
    assert rows == [{"status": "Open", "number": 2}, {"status": "Closed", "number": 1}]
    assert query.having(Count(todo.name) > 1).run(pluck=True) == ["Open"], name


@pytest.mark.api("qb query .run()")
def test_rows_come_as_the_caller_wants(frappe: Any) -> None:
    todo = table(frappe)
    query = frappe.qb.from_(todo).select(todo.description).orderby(todo.description)
    assert query.run(pluck=True) == ["a", "b", "c"]
    assert query.run(as_list=True)[0] == ["a"]
    assert query.run(as_dict=True)[0].description == "a"


@pytest.mark.api("qb query .on()")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("qb query .join()", ["a", "b", "c"]),
        ("qb query .inner_join()", ["a", "b", "c"]),
        ("qb query .left_join()", ["a", "b", "c"]),
        ("qb query .right_join()", ["a", "b", "c"]),
    ],
)
def test_tables_join_on_a_condition(frappe: Any, name: str, expected: list[str]) -> None:
    todo, user = table(frappe), frappe.qb.DocType("User")
    join = getattr(frappe.qb.from_(user), name.split(".")[1].removesuffix("()"))
    if name == "qb query .right_join()":
        query = join(todo).on(todo.owner == user.name)
    else:
        query = join(todo).on((todo.owner == user.name) & (todo.status != "Gone"))
    rows = query.where(todo.description.isnotnull()).select(todo.description).orderby(todo.description).run(pluck=True)
    assert rows == expected


def test_a_join_type_is_named(frappe: Any) -> None:
    from frappe.query_builder import JoinType

    todo, user = table(frappe), frappe.qb.DocType("User")
    query = frappe.qb.from_(user).join(todo, JoinType.inner).on(todo.owner == user.name).select(user.name).distinct()
    assert query.run(pluck=True) == ["Administrator"]


@pytest.mark.api("qb query .set()", "qb query .delete()")
def test_statements_change_rows(frappe: Any) -> None:
    todo = table(frappe)
    frappe.qb.update(todo).set(todo.status, "Cancelled").where(todo.description == "a").run()
    assert found(frappe, lambda t: t.status == "Cancelled") == "a"
    frappe.qb.from_(todo).delete().where(todo.status == "Cancelled").run()
    assert found(frappe, lambda t: t.name.isnotnull()) == "bc"
    frappe.qb.into(todo).columns(todo.name, todo.description).insert("n1", "z").run()
    assert frappe.db.get_value("ToDo", "n1", "description") == "z"


@pytest.mark.api("qb query .from_()")
def test_queries_nest(frappe: Any) -> None:
    from frappe.query_builder import AliasedQuery, Table

    todo = table(frappe)
    inner = frappe.qb.from_(todo).select(todo.description, todo.status).where(todo.status == "Open")
    outer = frappe.qb.from_(inner.as_("opened")).select("description").orderby("description")
    assert outer.run(pluck=True) == ["a", "b"]
    common = AliasedQuery("opened")
    assert sorted(frappe.qb.from_(common).with_(inner, "opened").select(common.description).run(pluck=True)) == [
        "a",
        "b",
    ]
    plain = Table("tabToDo")
    assert frappe.qb.from_(plain).select(plain.name).where(plain.description == "a").run()


@pytest.mark.api("qb query .get_sql()")
def test_a_query_shows_its_text(frappe: Any) -> None:
    text = frappe.qb.from_("ToDo").select("name").get_sql()
    assert "tabToDo" in text
    assert text.lower().startswith("select")


@pytest.mark.api("qb term .when()", "qb term .else_()")
def test_cases_choose(frappe: Any) -> None:
    from frappe.query_builder import Case

    todo = table(frappe)
    for case in (Case(), frappe.qb.terms.Case()):
        shown = case.when(todo.status == "Open", "o").else_("-").as_("sign")
        rows = frappe.qb.from_(todo).select(shown).orderby(todo.description).run(pluck=True)
        assert rows == ["o", "o", "-"]


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("frappe.query_builder.functions.Sum", ("idx",), 6),
        ("frappe.query_builder.functions.Avg", ("idx",), 2),
        ("frappe.query_builder.functions.Max", ("idx",), 3),
        ("frappe.query_builder.functions.Min", ("idx",), 1),
        ("frappe.query_builder.functions.Count", ("idx",), 3),
    ],
)
def test_aggregates(frappe: Any, name: str, arguments: tuple[str], expected: int) -> None:
    for number, description in enumerate("abc", 1):
        frappe.db.set_value("ToDo", {"description": description}, "idx", number)
    todo = table(frappe)
    value = frappe.qb.from_(todo).select(frappe.get_attr(name)(todo[arguments[0]])).run()[0][0]
    assert float(value) == expected


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("frappe.query_builder.functions.IfNull", ("date", "none"), "none"),
        ("frappe.query_builder.functions.Coalesce", ("date", "none"), "none"),
        ("frappe.query_builder.functions.Locate", (None, "igh", "High"), 2),
        ("frappe.query_builder.functions.Abs", (None, -3), 3),
    ],
)
def test_functions_of_values(frappe: Any, name: str, arguments: tuple[Any, ...], expected: Any) -> None:
    todo = table(frappe)
    given = [todo[arguments[0]] if arguments[0] else None, *arguments[1:]]
    function = frappe.get_attr(name)(*[value for value in given if value is not None])
    assert frappe.qb.from_(todo).select(function).where(todo.description == "b").run()[0][0] == expected


def test_functions_of_dates(frappe: Any) -> None:
    from frappe.query_builder import Interval
    from frappe.query_builder.functions import CombineDatetime, Date, Extract, Now

    todo = table(frappe)
    query = frappe.qb.from_(todo).where(todo.description == "a")
    (month, day, moment, is_past, later) = query.select(
        Extract("month", todo.date), Date(todo.date), CombineDatetime(todo.date, "01:02:03"), Now() > todo.date,
        todo.date + Interval(days=1),
    ).run()[0]  # fmt: skip
    assert (month, str(day), str(moment)[:19], is_past) == (1, "2024-01-10", "2024-01-10 01:02:03", 1)
    assert str(later)[:10] == "2024-01-11"


def test_any_function_of_the_database_can_be_named(frappe: Any) -> None:
    from frappe.query_builder.functions import Function

    todo = table(frappe)
    query = frappe.qb.from_(todo).where(todo.description == "a")
    assert query.select(Function("UPPER", todo.description)).run()[0][0] == "A"


@pytest.mark.api("qb term .distinct()")
def test_values_are_counted_once(frappe: Any) -> None:
    from frappe.query_builder.functions import Count

    todo = table(frappe)
    assert frappe.qb.from_(todo).select(Count(todo.priority).distinct()).run()[0][0] == 2


def test_constants_are_columns(frappe: Any) -> None:
    from frappe.query_builder.custom import ConstantColumn

    todo = table(frappe)
    query = frappe.qb.from_(todo).select(ConstantColumn("x").as_("kind")).limit(1)
    assert query.run(as_dict=True) == [{"kind": "x"}]


def test_the_builder_has_words_of_its_own(frappe: Any) -> None:
    todo = table(frappe)
    rows = frappe.qb.from_(todo).select(frappe.qb.Field("description")).orderby("description", order=frappe.qb.desc)
    assert rows.run(pluck=True) == ["c", "b", "a"]
    again = frappe.qb.from_(todo).select("description").orderby("description", order=frappe.qb.asc)
    assert again.run(pluck=True) == ["a", "b", "c"]
    assert frappe.qb.select(1).run()[0][0] == 1
    assert frappe.query_builder.DocType("ToDo").get_table_name() == "tabToDo"


def test_get_query_takes_filters_as_get_all_does(frappe: Any) -> None:
    query = frappe.qb.get_query("ToDo", fields=["description"], filters={"status": "Open"}, order_by="description asc")
    assert query.run(pluck=True) == ["a", "b"]
    assert frappe.db.get_value("ToDo", {"description": "a"}, "date") == date(2024, 1, 10)
