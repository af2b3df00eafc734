"""The engine turns every DocType of every app into a table that the database accepts."""

import sqlite3

import pytest
from doctype_files import DocTypeFile, read_bench

compiling = pytest.importorskip("frappe_engine.schema.compile", reason="the engine's schema is not built yet")
planning = pytest.importorskip("frappe_engine.schema.plan", reason="the engine's schema is not built yet")

BENCH = read_bench()
STORED = sorted(
    name for name, file in BENCH.doctypes.items() if not file.is_single and not file.doctype.get("is_virtual")
)


def create(database: sqlite3.Connection, file: DocTypeFile) -> None:
    """Create the table of a DocType with its indexes."""
    meta = compiling.compile_meta(file.doctype, file.doctype["fields"])
    for statement in planning.create_table(meta, "sqlite"):
        database.execute(statement)


@pytest.mark.parametrize("name", STORED)
def test_table_has_the_columns_of_its_doctype(name: str) -> None:
    """Each stored DocType gets a table that holds every field with a value."""
    file = BENCH.doctypes[name]
    database = sqlite3.connect(":memory:")
    create(database, file)
    columns = {row[1] for row in database.execute(f"pragma table_info(`tab{name}`)")}
    wanted = {field for field, row in file.fields.items() if has_column(row)}
    assert wanted - columns == set()


def has_column(row: dict[str, object]) -> bool:
    """Tell whether a field is stored in its own DocType's table."""
    elsewhere = {"Section Break", "Column Break", "Tab Break", "HTML", "Button", "Heading", "Image", "Fold"}
    return row["fieldtype"] not in elsewhere | {"Table", "Table MultiSelect"} and not row.get("is_virtual")


def test_all_tables_live_in_one_database() -> None:
    """No two DocTypes ask for the same table or index."""
    database = sqlite3.connect(":memory:")
    for name in STORED:
        create(database, BENCH.doctypes[name])
    (count,) = database.execute(
        "select count(*) from sqlite_master where type = 'table' and name like 'tab%'"
    ).fetchone()
    assert count == len(STORED)


def table_of(fields: list[dict[str, object]], database: str, **attributes: object) -> list[str]:
    """Give the statements that make the table of a DocType."""
    meta = compiling.compile_meta({"name": "Thing", **attributes}, fields)
    return list(planning.create_table(meta, database))


def test_a_list_of_equal_values_needs_no_sorting() -> None:
    """SQLite gives a page of a list by a field and the names from the field's index alone."""
    database = sqlite3.connect(":memory:")
    for statement in table_of([{"fieldname": "state", "fieldtype": "Data", "search_index": 1}], "sqlite"):
        database.execute(statement)
    query = "explain query plan select * from `tabThing` order by `state` desc, `name` desc limit 20"
    assert [row[-1] for row in database.execute(query)] == ["SCAN tabThing USING INDEX tabThing.state"]


def test_the_order_of_a_list_has_an_index() -> None:
    """What a DocType is listed by is indexed, as is its last change; rows of other documents are never listed."""
    made = " ".join(table_of([], "sqlite", sort_field="creation"))
    assert "INDEX `tabThing.creation`" in made
    assert "INDEX `tabThing.modified`" in made
    assert "INDEX `tabThing.creation`" not in " ".join(table_of([], "sqlite", sort_field="creation", istable=1))


def test_mariadb_makes_a_table_with_its_indexes_in_one_statement() -> None:
    """Each statement that changes MariaDB's structure takes its time, so there is one."""
    fields = [
        {"fieldname": "code", "fieldtype": "Data", "unique": 1},
        {"fieldname": "note", "fieldtype": "Text", "search_index": 1},
    ]
    (made,) = table_of(fields, "mariadb")
    assert "UNIQUE INDEX `code` (`code`)" in made
    assert "INDEX `note` (`note`(140))" in made
