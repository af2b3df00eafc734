"""`frappe.db`: the shapes its methods give, on the small data set."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from frappe_engine.context.errors import DataError, DoesNotExistError, ValidationError
from frappe_engine.context.local import Context
from frappe_engine.database.definitions import columns_of
from frappe_engine.database.query import Compiled, ListQuery
from frappe_engine.kit.attrdict import _dict

VALUES: tuple[tuple[tuple[Any, ...], dict[str, Any], Any], ...] = (
    (("QP Doc", "D1", "qty"), {}, 1),
    (("QP Doc", "nope", "qty"), {}, None),
    (("QP Doc", "nope", ["qty", "title"]), {}, None),
    (("QP Doc", "nope", ["qty", "title"]), {"as_dict": 1}, None),
    (("QP Doc", "D1", ["qty", "title"]), {}, (1, "D1")),
    (("QP Doc", "D1", ["qty"]), {}, 1),
    (("QP Doc", "D1", ["qty", "title"]), {"as_dict": 1}, {"qty": 1, "title": "D1"}),
    (("QP Doc", {"qty": 5}, "title"), {}, "d5 Lower"),
    (("QP Doc", None, "qty"), {}, None),
    (("QP Doc", "D1"), {}, "D1"),
    (("QP Doc", "", "qty"), {}, None),
    (("No Such", "x", "y"), {"ignore": True}, None),
    (("QP Doc", "d1", "name"), {}, "D1"),
    (("QP Doc", "D1", "day"), {}, date(2026, 1, 1)),
    (("QP Doc", "D1", "at"), {}, datetime(2026, 1, 1)),
    (("QP Doc", "D1", "tm"), {}, timedelta(hours=8)),
    (("QP Doc", "D1", "amount"), {}, 10.0),
    (("QP Doc", "D1", "dur"), {}, 60.0),
)


@pytest.mark.parametrize(("arguments", "options", "expected"), VALUES)
def test_get_value_has_the_shape_that_was_asked_for(
    frappe: Any, arguments: tuple[Any, ...], options: dict[str, Any], expected: Any
) -> None:
    found = frappe.db.get_value(*arguments, **options)
    assert found == expected
    assert type(found) is (_dict if options.get("as_dict") and expected else type(expected))


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda db: db.get_values("QP Doc", {"qty": 5}, "name"), (("d5 Lower",),)),
        (lambda db: db.get_values("QP Doc", {"qty": 99}, "name"), ()),
        (lambda db: db.get_values("QP Doc", {"qty": 5}, ["name"], as_dict=True, update={"x": 1}), [{"name": "d5 Lower", "x": 1}]),
        (lambda db: db.get_values("QP Doc", {"qty": [">", 3]}, "name", order_by="qty asc", limit=1), (("D4",),)),
        (lambda db: db.exists("QP Doc", "D1"), "D1"),
        (lambda db: db.exists("QP Doc", "d1"), "D1"),
        (lambda db: db.exists("QP Doc", "nope"), None),
        (lambda db: db.exists("QP Doc", {"qty": 5}), "d5 Lower"),
        (lambda db: db.exists({"doctype": "QP Doc", "qty": 5}), "d5 Lower"),
        (lambda db: db.exists("QP Doc", None), None),
        (lambda db: db.exists("QP Doc"), None),
        (lambda db: db.exists("QP Doc", ""), None),
        (lambda db: db.exists("System Settings", "System Settings"), "System Settings"),
        (lambda db: db.exists("DocType", "QP Doc"), "QP Doc"),
        (lambda db: db.count("QP Doc"), 5),
        (lambda db: db.count("QP Doc", {"qty": 99}), 0),
        (lambda db: db.count("QP Doc", [["QP Row", "sku", "in", ["A", "B"]]]), 2),
        (lambda db: db.sql("select qty from `tabQP Doc` where name = 'D1'"), ((1,),)),
        (lambda db: db.sql("select qty from `tabQP Doc` where name = 'D1'", as_list=True), [[1]]),
        (lambda db: db.sql("select qty from `tabQP Doc` where name = 'D1'", pluck=True), [1]),
        (lambda db: db.sql("select qty from `tabQP Doc` where name = 'D1'", as_dict=True, update={"x": 1}), [{"qty": 1, "x": 1}]),
        (lambda db: db.sql("select qty from `tabQP Doc` where 0"), ()),
        (lambda db: db.sql("select qty from `tabQP Doc` where 0", as_dict=True), []),
        (lambda db: db.sql("update `tabQP Doc` set qty = 1 where 0"), ()),
        (lambda db: db.sql("select 1", run=False), "select 1"),
        (lambda db: db.set_value("QP Doc", "D1", "qty", 2), None),
        (lambda db: db.delete("QP Doc", {"name": "nope"}), ()),
        (lambda db: db.a_row_exists("QP Doc"), True),
        (lambda db: db.get_creation_count("QP Doc", 5), 0),
        (lambda db: db.get_last_created("QP Doc"), datetime(2026, 3, 5, 10)),
    ],
)  # fmt: skip
def test_methods_give_what_was_observed(frappe: Any, call: Callable[[Any], Any], expected: Any) -> None:
    found = call(frappe.db)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "call",
    [
        lambda db: db.get_value("QP Doc", "D1", "nofield"),
        lambda db: db.set_value("QP Doc", "D1", "nofield", 1),
        lambda db: db.set_value("QP Doc", {"nofield": 1}, "qty", 1),
        lambda db: db.bulk_update("QP Doc", {"D1": {"nofield": 1}}),
        lambda db: db.delete("QP Doc", {"nofield": 1}),
        lambda db: db.count("QP Doc", {"nofield": 1}),
        lambda db: db.delete("QP Doc", {"rows.sku": "A"}),
    ],
)
def test_unknown_columns_are_refused(frappe: Any, call: Callable[[Any], Any]) -> None:
    with pytest.raises(DataError):
        call(frappe.db)


def test_a_doctype_that_is_not_there_has_no_values(frappe: Any) -> None:
    database = frappe.db
    assert database.get_value("No Such", "x", "y") is None
    assert database.get_values("No Such", {"x": 1}, "y") == []
    assert database.exists("No Such", "x") is None
    assert database.exists("No Such", {"x": 1}) is None
    with pytest.raises(DoesNotExistError):
        database.count("No Such")


def test_nothing_exists_by_a_column_that_is_not_there(frappe: Any) -> None:
    assert frappe.db.exists("QP Doc", {"nofield": 1}) is None
    assert frappe.db.get_value("QP Doc", {"nofield": 1}, ignore=True) is None


@pytest.mark.parametrize(("filters", "found"), [({}, "D1"), ([], None), (None, None)])
def test_empty_filters(frappe: Any, filters: Any, found: str | None) -> None:
    assert frappe.db.get_value("QP Doc", filters, "name") == found


def test_set_value_by_name_by_dict_and_by_filters(frappe: Any) -> None:
    frappe.db.set_value("QP Doc", "D1", "qty", 11)
    frappe.db.set_value("QP Doc", "D2", {"qty": 12, "remark": "r"})
    frappe.db.set_value("QP Doc", {"status": ["is", "not set"]}, "qty", 13)
    assert frappe.get_all("QP Doc", pluck="qty", order_by="name") == [11, 12, 13, 13, 5]


def test_set_value_stamps_unless_told_not_to(frappe: Any) -> None:
    frappe.db.set_value("QP Doc", "D1", "qty", 1, update_modified=False)
    assert frappe.db.get_value("QP Doc", "D1", "modified") == datetime(2026, 3, 5, 10)
    frappe.db.set_value("QP Doc", "D1", "qty", 1, modified=datetime(2027, 1, 1), modified_by="Guest")
    assert frappe.db.get_value("QP Doc", "D1", ["modified", "modified_by"]) == (datetime(2027, 1, 1), "Guest")
    frappe.db.set_value("QP Doc", "D1", "qty", 1)
    assert frappe.db.get_value("QP Doc", "D1", "modified") > datetime(2026, 6, 1)


def test_set_value_of_a_missing_row_does_nothing(frappe: Any) -> None:
    assert frappe.db.set_value("QP Doc", "nope", "qty", 1) is None
    assert frappe.db.count("QP Doc") == 5


def test_delete_by_filters_and_of_all(frappe: Any) -> None:
    frappe.db.delete("QP Row", {"parent": "D1", "sku": ["!=", "B"]})
    assert frappe.get_all("QP Row", pluck="sku", order_by="sku") == ["A", "B", "C"]
    frappe.db.delete("QP Row")
    assert frappe.db.count("QP Row") == 0


@pytest.mark.parametrize("nothing", [{}, []])
def test_delete_without_a_filter_deletes_all(frappe: Any, nothing: Any) -> None:
    frappe.db.delete("QP Row", nothing)
    assert frappe.db.count("QP Row") == 0


def test_rows_are_inserted_in_bulk(frappe: Any) -> None:
    rows = [(f"B{n}", f"B{n}", n if n % 2 else n + 0.5, date(2026, 1, 1) if n else None) for n in range(7)]
    frappe.db.bulk_insert("QP Doc", ["name", "title", "amount", "day"], rows, chunk_size=3)
    assert frappe.get_all("QP Doc", {"name": ["like", "B%"]}, pluck="amount", order_by="name") == [
        0.5, 1.0, 2.5, 3.0, 4.5, 5.0, 6.5,
    ]  # fmt: skip


def test_duplicates_in_bulk_can_be_left_out(frappe: Any) -> None:
    with pytest.raises(frappe.db.IntegrityError), frappe.db.nested():
        frappe.db.bulk_insert("QP Doc", ["name", "qty"], [("D1", 7), ("N1", 8)])
    frappe.db.bulk_insert("QP Doc", ["name", "qty"], [("D1", 7), ("N1", 8)], ignore_duplicates=True)
    assert frappe.get_all("QP Doc", {"name": ["in", ["D1", "N1"]]}, pluck="qty", order_by="name") == [1, 8]


def test_rows_are_updated_in_bulk_each_with_its_own_values(frappe: Any) -> None:
    frappe.db.bulk_update("QP Doc", {"D1": {"qty": 21}, "D2": {"qty": 22, "remark": "x"}, "nope": {"qty": 1}})
    assert frappe.get_all("QP Doc", {"name": ["in", ["D1", "D2"]]}, ["qty", "remark"], as_list=1, order_by="name") == (
        (21, "alpha"),
        (22, "x"),
    )


def test_cached_values_are_kept_until_something_is_written(frappe: Any) -> None:
    assert frappe.db.get_value("QP Doc", "D1", "qty", cache=True) == 1
    frappe.db.sql("update `tabQP Doc` set qty = 9 where name = 'D1'")
    assert frappe.db.get_value("QP Doc", "D1", "qty", cache=True) == 1
    frappe.db.set_value("QP Doc", "D1", "remark", "x")
    assert frappe.db.get_value("QP Doc", "D1", "qty", cache=True) == 9


# singles


def test_values_of_a_single_are_text_unless_asked_for_by_type(frappe: Any) -> None:
    frappe.db.set_value("System Settings", None, "session_expiry", "06:00")
    frappe.db.set_single_value("System Settings", "setup_complete", 1)
    assert frappe.db.get_value("System Settings", None, "setup_complete") == "1"
    assert frappe.db.get_value("System Settings", "System Settings", ["setup_complete", "session_expiry"]) == (
        "1",
        "06:00",
    )
    assert frappe.db.get_value("System Settings", None, ["setup_complete"], as_dict=True) == {"setup_complete": "1"}
    assert frappe.db.get_single_value("System Settings", "setup_complete") == 1
    assert frappe.db.get_singles_dict("System Settings", cast=True).setup_complete == 1


def test_an_unset_number_of_a_single_is_zero_and_an_unknown_field_refused(frappe: Any) -> None:
    frappe.db.sql("delete from `tabSingles` where doctype = 'System Settings' and field = 'backup_limit'")
    assert frappe.db.get_single_value("System Settings", "backup_limit", cache=False) == 0
    with pytest.raises(ValidationError, match="nofield"):
        frappe.db.get_single_value("System Settings", "nofield")


def test_what_this_transaction_set_is_read_at_once(frappe: Any) -> None:
    frappe.db.get_single_value("System Settings", "setup_complete")
    frappe.db.set_single_value("System Settings", {"setup_complete": 0, "country": "China"})
    assert frappe.db.get_single_value("System Settings", "setup_complete") == 0


# defaults and globals


def test_defaults_are_one_value_or_a_list(frappe: Any) -> None:
    database = frappe.db
    assert database.get_default("colour") is None
    database.set_default("colour", "red")
    assert database.get_default("colour") == "red"
    frappe.defaults.add_default("colour", "blue", "__default")
    assert database.get_default("colour") == ["red", "blue"]
    database.set_default("colour", "green")
    assert database.get_defaults("colour") == "green"
    assert database.get_defaults()["colour"] == "green"
    database.set_default("colour", None)
    assert database.get_default("colour") is None


def test_globals_are_apart_from_defaults(frappe: Any) -> None:
    frappe.db.set_global("colour", "red")
    assert frappe.db.get_global("colour") == "red"
    assert frappe.db.get_default("colour") is None


# structure


def test_structure_is_described(frappe: Any) -> None:
    database = frappe.db
    assert database.table_exists("QP Doc")
    assert not database.table_exists("QP Nothing")
    assert "tabQP Doc" in database.get_tables()
    assert (database.has_column("QP Doc", "qty"), database.has_column("QP Doc", "rows")) == (True, False)
    assert database.get_table_columns("QP Row") == [
        "name", "creation", "modified", "modified_by", "owner", "docstatus", "idx", "sku", "qty", "grp",
        "parent", "parentfield", "parenttype",
    ]  # fmt: skip
    assert database.get_column_type("QP Doc", "title") == "varchar(140)"
    assert database.describe("QP Row")[0][:2] == ("name", "varchar(140)")
    assert database.get_column_type("QP Doc", "nofield") is None
    assert {row.name: row.unique for row in database.get_table_columns_description("tabQP Doc")}["title"] is True


def test_indexes_are_added_once(own_site: Any) -> None:
    with own_site.connected() as context:
        database = context.db
        for _ in range(2):
            database.add_index("ToDo", ["status", "priority"])
            database.add_unique("Note", ["title", "owner"])
        assert database.has_index("tabToDo", "status_priority_index")
        assert database.get_indexes("tabNote")[
            "tabNote.unique_title_owner" if database.is_sqlite else "unique_title_owner"
        ] == (True, ["title", "owner"])
        assert database.get_column_index("tabToDo", "nofield") is None


def test_texts_are_indexed_by_their_beginning(own_site: Any) -> None:
    with own_site.connected() as context:
        context.db.add_index("ToDo", ["description(50)", "status"], "begin")
        assert context.db.has_index("tabToDo", "begin")


# errors


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        ("insert into `tabQP Doc` (name) values ('D1')", "is_primary_key_violation"),
        ("insert into `tabQP Doc` (name, title) values ('x', 'D1')", "is_unique_key_violation"),
        ("select 1 from `tabNo Such`", "is_table_missing"),
        ("select nofield from `tabQP Doc`", "is_missing_column"),
    ],
)
def test_errors_of_the_driver_are_told_apart(queried: Context, statement: str, question: str) -> None:
    database: Any = queried.db
    with pytest.raises(database.Error) as caught:
        database.sql(statement)
    questions = (
        "is_primary_key_violation",
        "is_unique_key_violation",
        "is_table_missing",
        "is_missing_column",
        "is_deadlocked",
    )
    assert [name for name in questions if getattr(database, name)(caught.value)] == [question]


def test_a_statement_is_named_in_its_error(queried: Context) -> None:
    with pytest.raises(queried.db.Error) as caught:
        queried.db.sql("select   nofield from `tabQP Doc`")
    assert "select nofield" in "".join(caught.value.__notes__)


def test_the_statement_for_this_database_is_chosen(queried: Context) -> None:
    chosen = {"sqlite": "select 'sqlite'", "mariadb": "select 'mariadb'", "postgres": "no"}
    assert queried.db.multisql(chosen) == ((queried.db.db_type,),)
    assert queried.db.multisql({"mariadb": "select 2"}) == ((2,),)


def mariadb_query(**parts: Any) -> Compiled:
    """Give a list query as it is for MariaDB, whatever the tests run on."""
    return ListQuery("QP Doc", columns_of=columns_of, sqlite=False).compile(**parts)


def test_the_first_rows_of_a_whole_table_are_read_over_the_index_of_their_order(frappe: Any) -> None:
    compiled = mariadb_query(fields=["qty"], order_by="modified desc", limit=20, offset=40)
    assert compiled.sql == (
        "SELECT `tabQP Doc`.`qty` FROM `tabQP Doc` FORCE INDEX FOR ORDER BY (`modified`)"
        " ORDER BY `tabQP Doc`.`modified` DESC LIMIT 20 OFFSET 40"
    )


@pytest.mark.parametrize(
    "parts",
    [
        {"order_by": "modified desc"},
        {"order_by": "modified desc", "limit": 20_000},
        {"order_by": "modified desc, qty asc", "limit": 20},
        {"order_by": "qty desc", "limit": 20},
        {"order_by": "modified desc", "limit": 20, "filters": {"qty": 1}},
        {"order_by": "modified desc", "limit": 20, "fields": ["rows.sku"]},
        {"order_by": "modified desc", "limit": 20, "distinct": True},
        {"order_by": "modified desc", "limit": 20, "fields": ["grp"], "group_by": "grp"},
        {"limit": 20},
    ],
)
def test_other_queries_leave_the_choice_of_the_index_to_the_database(frappe: Any, parts: dict[str, Any]) -> None:
    compiled = mariadb_query(**parts)
    assert "INDEX" not in compiled.sql
    assert not compiled.hint


@pytest.mark.skipif(os.environ.get("EC_TEST_DB") != "mariadb", reason="SQLite is told of no index")
def test_a_list_is_read_without_its_index_where_somebody_dropped_it(own_site: Any) -> None:
    with own_site.connected():
        import frappe

        first = frappe.get_all("DocType", pluck="modified", limit=3)
        frappe.db.sql_ddl("ALTER TABLE `tabDocType` DROP INDEX `modified`")
        assert frappe.get_all("DocType", pluck="modified", limit=3) == first
        assert len(first) == 3


def test_values_by_name_follow_the_definition(own_site: Any) -> None:
    import frappe

    with own_site.connected():
        name = frappe.get_doc({"doctype": "ToDo", "description": "said"}).insert().name
        assert frappe.db.get_value("ToDo", name, ("status", "description")) == ("Open", "said")
        assert frappe.db.get_value("ToDo", f"{name} ", "status") == "Open"  # as MariaDB compares names
        with pytest.raises(DataError):
            frappe.db.get_value("ToDo", name, "mood")
        field = {"doctype": "Custom Field", "dt": "ToDo", "fieldname": "mood", "fieldtype": "Data", "label": "Mood"}
        frappe.get_doc(field).insert()
        frappe.db.set_value("ToDo", name, "mood", "fine")
        assert frappe.db.get_value("ToDo", name, "mood") == "fine"


@pytest.mark.parametrize("rows", [1, 12])
def test_few_and_many_rows_are_read_alike(frappe: Any, rows: int) -> None:
    one = "SELECT CAST(1.5 AS DECIMAL(9, 2)) AS part, 'é' AS text, NULL AS empty_one, `content` FROM `tabNote` WHERE `name` = 'long'"
    frappe.get_doc({"doctype": "Note", "title": "long", "content": "lang é"}).insert(set_name="long")
    read = frappe.db.sql(" UNION ALL ".join([one] * rows))
    assert set(read) == {(1.5, "é", None, "lang é")}
    assert {type(row[0]) for row in read} == {float}
