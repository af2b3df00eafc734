"""Bringing a site in line with its apps; patches, DocTypes, standard documents."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import frappe
import pytest
from command_lines import Commands
from filelock import FileLock


def package(app: str) -> Path:
    return Path(str(frappe.get_module(app).__file__)).parent


@pytest.fixture
def installed(bench: Commands, app: str) -> str:
    bench("install-app", app)
    return app


def write_doctype(app: str, fields: list[str]) -> None:
    module = frappe.scrub(app.replace("_", " ").title())
    folder = package(app) / module / "doctype" / "sample_thing"
    folder.mkdir(parents=True, exist_ok=True)
    for parent in (folder, folder.parent):
        (parent / "__init__.py").touch()
    (folder / "sample_thing.py").write_text(
        "from frappe.model.document import Document\n\n\nclass SampleThing(Document):\n    pass\n"
    )
    definition = {
        "doctype": "DocType",
        "name": "Sample Thing",
        "module": app.replace("_", " ").title(),
        "autoname": "hash",
        "fields": [{"fieldname": name, "fieldtype": "Data", "label": name.title()} for name in fields],
        "permissions": [{"role": "System Manager", "read": 1, "write": 1, "create": 1}],
    }
    (folder / "sample_thing.json").write_text(json.dumps(definition))


def write_patch(app: str, name: str, body: str, section: str = "post_model_sync") -> str:
    folder = package(app) / "patches"
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").touch()
    (folder / f"{name}.py").write_text(f"import frappe\n\n\ndef execute():\n    {body}\n")
    (package(app) / "patches.txt").write_text(f"[pre_model_sync]\n[{section}]\n{app}.patches.{name}\n")
    sys.modules.pop(f"{app}.patches", None)
    return f"{app}.patches.{name}"


def test_migrate_adds_fields_and_loses_no_data(bench: Commands, installed: str) -> None:
    write_doctype(installed, ["colour"])
    bench("migrate")
    name = bench.do(lambda frappe: frappe.get_doc({"doctype": "Sample Thing", "colour": "red"}).insert().name)
    write_doctype(installed, ["shape"])
    bench("migrate")
    bench.do(lambda frappe: frappe.db.set_value("Sample Thing", name, "shape", "round"))
    write_doctype(installed, ["colour", "shape"])
    bench("migrate")
    assert bench.ask(lambda frappe: frappe.db.get_value("Sample Thing", name, ["colour", "shape"])) == ("red", "round")


def test_migrate_runs_a_patch_once(bench: Commands, installed: str) -> None:
    write_patch(installed, "add_note", 'frappe.get_doc({"doctype": "ToDo", "description": "patched"}).insert()')
    bench("migrate")
    bench("migrate")
    assert bench.ask(lambda frappe: frappe.db.count("ToDo", {"description": "patched"})) == 1


def test_a_failing_patch_stops_the_migration_unless_told_to_go_on(bench: Commands, installed: str) -> None:
    write_patch(installed, "break_it", 'raise ValueError("broken")')
    assert bench.run("--site", bench.site.name, "migrate").exit_code == 1
    bench("migrate", "--skip-failing")
    assert (
        bench.ask(
            lambda frappe: frappe.db.get_value("Patch Log", {"patch": f"{installed}.patches.break_it"}, "skipped")
        )
        == 1
    )


def test_two_migrations_exclude_each_other(bench: Commands) -> None:
    with FileLock(bench.folder / "locks" / "bench_migrate.lock"):
        assert "already" in bench("migrate", status=1)


def test_migrate_needs_a_site(bench: Commands) -> None:
    assert "--site" in str(bench.run("migrate").exception)


def test_run_patch_runs_it_again_only_by_force(bench: Commands, installed: str) -> None:
    name = write_patch(installed, "count", 'frappe.get_doc({"doctype": "ToDo", "description": "counted"}).insert()')
    bench("run-patch", name)
    assert "run on" in bench("run-patch", name)
    bench("run-patch", name, "--force")
    assert bench.ask(lambda frappe: frappe.db.count("ToDo")) == 2


def test_reload_doctype_reads_the_file_again(bench: Commands, installed: str) -> None:
    write_doctype(installed, ["colour"])
    bench("migrate")
    write_doctype(installed, ["colour", "weight"])
    bench("reload-doctype", "Sample Thing")
    assert bench.ask(lambda frappe: frappe.get_meta("Sample Thing").has_field("weight"))


def test_reload_doc_reads_one_document_again(bench: Commands) -> None:
    bench.do(lambda frappe: frappe.db.set_value("DocType", "ToDo", "description", "spoilt"))
    bench("reload-doc", "desk", "doctype", "ToDo")
    assert bench.ask(lambda frappe: frappe.db.get_value("DocType", "ToDo", "description")) != "spoilt"


def test_a_site_with_waiting_jobs_is_not_ready(bench: Commands) -> None:
    assert "READY for migration" in bench("ready-for-migration")
    bench.do(lambda frappe: frappe.enqueue("frappe.ping"))
    assert "NOT READY" in bench("ready-for-migration", status=1)
