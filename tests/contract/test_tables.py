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
