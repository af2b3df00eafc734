"""Looking into the database, tidying it, moving it to the other kind."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_lines import Commands
from frappe_engine.cli.moving import Checksum, canonical
from frappe_engine.testing import database

needs_mariadb = pytest.mark.skipif(database.db_type() != "mariadb", reason="needs a MariaDB (make test-services)")
ROOT = ["--db-root-password", os.environ.get("EC_TEST_DB_ROOT_PASSWORD", "")]


def test_a_column_is_indexed(bench: Commands) -> None:
    bench("add-database-index", "--doctype", "ToDo", "--column", "color")
    described = json.loads(bench("describe-database-table", "--doctype", "ToDo", "--column", "status"))
    assert "color" in [index["column"] for index in described["indexes"]]
    assert "no column" in bench("add-database-index", "--doctype", "ToDo", "--column", "nosuch", status=1)


def test_a_table_is_described(bench: Commands) -> None:
    bench.do(lambda frappe: [frappe.get_doc({"doctype": "ToDo", "description": "x"}).insert() for _ in range(3)])
    described = json.loads(bench("describe-database-table", "--doctype", "ToDo", "--column", "status"))
    assert described["total_rows"] == 3
    assert {
        key: value
        for entry in described["schema"]
        if entry["column"] == "status"
        for key, value in entry.items()
        if key != "type"
    } == {"column": "status", "cardinality": 1}


def test_ghost_tables_are_dropped_after_a_backup(bench: Commands) -> None:
    bench.do(lambda frappe: frappe.db.sql_ddl("create table `tabGhost Thing` (name varchar(140) primary key)"))
    assert json.loads(bench("trim-database", "--dry-run", "-f", "json")) == {bench.site.name: ["tabGhost Thing"]}
    assert "Backup" in bench("trim-database", "--yes")
    assert "No ghost tables" in bench("trim-database", "--yes")


def test_unused_columns_are_dropped_and_used_ones_stay(bench: Commands) -> None:
    bench.do(lambda frappe: frappe.db.sql_ddl("alter table `tabToDo` add column `ghost` varchar(140)"))
    assert json.loads(bench("trim-tables", "--dry-run", "-f", "json"))[bench.site.name] == {"ToDo": ["ghost"]}
    bench("trim-tables", "--no-backup")
    assert "No unused" in bench("trim-tables")
    bench.do(lambda frappe: frappe.get_doc({"doctype": "ToDo", "description": "still works"}).insert())


def test_old_rows_of_a_log_go(bench: Commands) -> None:
    def fill(frappe: Any) -> None:
        for days in (1, 100):
            log = frappe.log_error(f"{days} days old", "x")
            frappe.db.set_value(
                "Error Log", log.name, "creation", datetime.now() - timedelta(days=days), update_modified=False
            )

    bench.do(fill)
    assert "1 rows" in bench("clear-log-table", "--doctype", "Error Log", "--days", "30", "--no-backup")
    assert bench.ask(lambda frappe: frappe.get_all("Error Log", pluck="method")) == ["1 days old"]


def test_what_is_no_log_is_not_cleared(bench: Commands) -> None:
    assert "is no log" in bench("clear-log-table", "--doctype", "User", "--days", "1", status=1)


def test_transform_is_for_mariadb(bench: Commands) -> None:
    if database.db_type() == "sqlite":
        assert "neither engines" in bench("transform-database", "--table", "all", "--engine", "InnoDB", status=1)
    else:
        assert "tabToDo: ROW_FORMAT=DYNAMIC" in bench(
            "transform-database", "--table", "tabToDo", "--row_format", "DYNAMIC"
        )


@pytest.mark.parametrize("command", ["db-console", "mariadb"])
def test_the_console_of_the_database_is_started(bench: Commands, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "execv", lambda _program, words: started.append(words))
    if command == "mariadb" and database.db_type() == "sqlite":
        assert "db-console" in bench(command, status=1)
        return
    bench(command, "-x")
    kind = "sqlite3" if database.db_type() == "sqlite" else "mariadb"
    assert started[0][0] == f"/usr/bin/{kind}"
    assert "-x" in started[0]
    assert bench.site.config.get("db_password", "nothing") not in " ".join(started[0])


def fill_for_move(frappe: Any) -> None:
    frappe.get_doc({"doctype": "ToDo", "description": "暂估应付 'x'\n\\", "date": "2024-02-29"}).insert()
    frappe.get_doc({"doctype": "Currency", "currency_name": "ZZZ", "smallest_currency_fraction_value": 0.05}).insert()
    event = {"doctype": "Event", "subject": "count", "starts_on": "2024-02-29 13:14:15.678901", "event_type": "Private"}
    frappe.get_doc(event).insert()
    frappe.db.sql_ddl("alter table `tabToDo` add column `left_over` varchar(140)")
    frappe.db.sql("update `tabToDo` set `left_over` = 'kept'")
    frappe.db.set_single_value("System Settings", "app_name", "Moved")


def snapshot(frappe: Any) -> dict[str, Any]:
    return {
        "todo": frappe.db.sql("select description, date, left_over from tabToDo"),
        "event": frappe.db.sql("select starts_on from tabEvent"),
        "fraction": frappe.db.sql("select smallest_currency_fraction_value from tabCurrency where name = 'ZZZ'"),
        "single": frappe.db.get_single_value("System Settings", "app_name"),
        "users": frappe.db.count("User"),
    }


@needs_mariadb
def test_a_site_moves_to_the_other_database_and_back_unchanged(bench: Commands) -> None:
    bench.do(fill_for_move)
    before = bench.ask(snapshot)
    there = json.loads(bench("migrate-database", "--to", "sqlite", "-f", "json"))
    assert bench.site.config.db_type == "sqlite"
    assert bench.ask(snapshot) == before
    bench("migrate", "--skip-search-index")
    back = json.loads(
        bench("migrate-database", "--to", "mariadb", "--db-name", "ectest_moved_back", *ROOT, "-f", "json")
    )
    assert bench.site.config.db_type == "mariadb"
    assert bench.ask(snapshot) == before
    assert there["rows"] > 1000
    assert {table["name"] for table in there["tables"]} <= {table["name"] for table in back["tables"]} | {
        "sqlite_sequence"
    }


@needs_mariadb
def test_a_move_that_fails_changes_nothing(bench: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "frappe_engine.cli.moving.fitted", lambda value, *_rest: "spoilt" if value == "Administrator" else value
    )
    before = dict(bench.site.config)
    assert "unchanged" in bench("migrate-database", "--to", "sqlite", status=1)
    assert dict(bench.site.config) == before
    assert bench.ask(lambda frappe: frappe.db.exists("User", "Administrator"))
    assert not list(Path(bench.folder, "db").glob("*.db"))


def test_a_site_that_is_there_is_not_moved(bench: Commands) -> None:
    assert "already" in bench("migrate-database", "--to", database.db_type(), status=1)


def test_checksums_look_at_values_not_at_their_order() -> None:
    first, second, third = Checksum(), Checksum(), Checksum()
    first.add([("a", 1.5), ("b", None)])
    second.add([("b", None), ("a", 1.5)])
    third.add([("b", ""), ("a", 1.5)])
    assert first.text == second.text != third.text


@pytest.mark.parametrize(
    ("left", "right"),
    [(1, 1.0), (0.1 + 0.2, 0.3), (True, 1), (-0.0, 0), (datetime(2024, 1, 1), "2024-01-01 00:00:00.000000")],
)
def test_the_same_value_has_one_form_on_both_databases(left: Any, right: Any) -> None:
    assert canonical(left) == canonical(right)
