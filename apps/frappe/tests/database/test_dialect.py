"""MariaDB's SQL gives the same rows on both databases: a table of statements with what MariaDB 10.11 gives for each.

"reads" are run one by one; of "writes" all statements, then the query that shows what they did. Quotients and averages
have four digits on MariaDB and more on SQLite, so floats count as equal when they differ by less than 0.0001.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from frappe_engine.context.local import Context
from frappe_engine.database.dialect import UnsupportedSyntax
from frappe_engine.database.translate import needs_rewrite, takes_lock, to_sqlite

from .observed import decode

TABLE: dict[str, list[dict[str, Any]]] = json.loads(
    Path(__file__).with_name("statements.json").read_text(encoding="utf-8")
)
REFUSED = (
    "select match(title) against ('x') from `tabQP Doc`",
    "show variables",
    "set @x = 1",
    "select @x := 1",
    "select status, count(*) from `tabQP Doc` group by status with rollup",
    "alter table `tabQP Doc` modify qty bigint",
    "load data infile 'x' into table t",
    "update `tabQP Doc` d left join `tabQP Row` r on r.parent = d.name set d.remark = 'x'",
    "update `tabQP Doc` d join `tabQP Row` r on r.parent = d.name set d.remark = 'x', r.sku = 'y'",
    "delete d, r from `tabQP Doc` d join `tabQP Row` r on d.name = r.parent",
    "delete from r using `tabQP Row` r join `tabQP Doc` d on d.name = r.parent",
    "lock tables `tabQP Doc` read",
    "call p()",
)


def same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(same, found, wanted))
    if isinstance(wanted, float):
        return isinstance(found, float) and abs(found - wanted) < 1e-4
    return type(found) is type(wanted) and bool(found == wanted)


@pytest.mark.parametrize("row", TABLE["reads"], ids=lambda row: row["sql"][:60])
def test_a_query_gives_what_mariadb_gives(row: dict[str, Any], queried: Context) -> None:
    assert same(queried.db.sql(row["sql"], as_list=True), decode(row["rows"]))


@pytest.mark.parametrize("row", TABLE["writes"], ids=lambda row: row["sql"][-1][:60])
def test_a_change_does_what_mariadb_does(row: dict[str, Any], queried: Context) -> None:
    for statement in row["sql"]:
        queried.db.sql(statement)
    assert same(queried.db.sql(row["then"], as_list=True), decode(row["rows"]))


@pytest.mark.parametrize("statement", REFUSED)
def test_what_only_mariadb_has_is_refused_by_name(statement: str) -> None:
    with pytest.raises(UnsupportedSyntax, match="can't run on SQLite"):
        to_sqlite(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "select name from `tabItem` where qty > ? order by name",
        "select `a%b` from `t/x` where y = '5 / 2 \" div'",
        "delete from `tabItem` where name = ?",
        "select 1 -- 5 / 2",
    ],
)
def test_plain_statements_are_not_parsed(statement: str) -> None:
    assert not needs_rewrite(statement)


@pytest.mark.parametrize(
    ("statement", "locks"),
    [
        ("select 1 from t for update", True),
        ("select 1 from t for update skip locked", True),
        ("select 1 from t lock in share mode;", True),
        ("select 'for update'", False),
    ],
)
def test_locking_reads_are_recognised(statement: str, locks: bool) -> None:
    assert takes_lock(statement) is locks


def test_tables_and_columns_are_described(queried: Context) -> None:
    database = queried.db
    assert ("tabQP Doc",) in database.sql("show tables like 'tabQP%'")
    assert [row[0] for row in database.sql("desc `tabQP Row`")][:2] == ["name", "creation"]
    assert "qty" in [row.Field for row in database.sql("show columns from `tabQP Doc`", as_dict=True)]
    assert "parent" in [row.Column_name for row in database.sql("show index from `tabQP Row`", as_dict=True)]
    assert database.sql("explain select name from `tabQP Doc`")


def test_an_index_is_dropped_by_its_name(queried: Context) -> None:
    database = queried.db
    database.commit()
    name = database.get_index_name(["status", "day"])
    database.add_index("QP Doc", ["status", "day"])
    assert database.has_index("tabQP Doc", name)
    database.sql_ddl(f"drop index if exists {name} on `tabQP Doc`")
    database.sql_ddl(f"drop index if exists {name} on `tabQP Doc`")
    assert not database.has_index("tabQP Doc", name)


def test_a_text_that_looks_like_a_date_stays_text(queried: Context) -> None:
    queried.db.sql("update `tabQP Doc` set remark = '2026-01-01' where name = 'D1'")
    rows = queried.db.sql("select max(remark), max(day), min(remark) from `tabQP Doc` where name = 'D1'", as_list=True)
    assert [type(cell).__name__ for cell in rows[0]] == ["str", "date", "str"]


def test_rows_read_one_after_another_have_the_same_values(queried: Context) -> None:
    query = "select status, sum(qty) as n, max(day) as d from `tabQP Doc` group by status order by status"
    assert list(queried.db.sql(query, as_dict=True, as_iterator=True)) == queried.db.sql(query, as_dict=True)


def test_a_table_is_emptied_and_altered(own_site: Any) -> None:
    with own_site.connected() as context:
        context.db.sql_ddl("alter table `tabNote` add column `extra` int")
        assert context.db.has_column("Note", "extra")
        context.db.sql_ddl("truncate table `tabNote`")
        context.db.sql_ddl("analyze table `tabNote`")
        assert context.db.count("Note") == 0
