"""Making, removing and choosing sites; putting apps on them and taking them off."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from command_lines import Commands
from frappe_engine.testing import database

SERVER = (
    ["--db-root-password", os.environ.get("EC_TEST_DB_ROOT_PASSWORD", "")] if database.db_type() != "sqlite" else []
)


def make(bench: Commands, name: str, *words: str) -> str:
    return bench.bare("new-site", name, "--admin-password", "secret", *SERVER, *words)


def drop(bench: Commands, name: str, *words: str) -> str:
    return bench.bare("drop-site", name, *SERVER, *words)


def test_a_new_site_is_on_the_kind_of_database_the_bench_says(bench: Commands) -> None:
    assert f"({database.db_type()})" in make(bench, "new.localhost")
    assert json.loads(Path("new.localhost/site_config.json").read_text())["db_type"] == database.db_type()
    assert "frappe" in bench("list-apps", site="new.localhost")
    drop(bench, "new.localhost", "--no-backup")


def test_without_a_word_about_databases_a_site_is_on_sqlite(bench: Commands) -> None:
    Path("common_site_config.json").write_text("{}")
    assert "(sqlite)" in bench.bare("new-site", "plain.localhost", "--admin-password", "x")


def test_a_new_site_says_its_password_when_nobody_gave_one(bench: Commands) -> None:
    assert "Administrator's password: " in bench.bare("new-site", "b.localhost", *SERVER)
    drop(bench, "b.localhost", "--no-backup")


def test_a_site_that_exists_is_made_anew_only_by_force(bench: Commands) -> None:
    bench.do(lambda frappe: frappe.get_doc({"doctype": "ToDo", "description": "old"}).insert())
    assert "already exists" in bench.bare("new-site", bench.site.name, *SERVER, status=1)
    assert bench.ask(lambda frappe: frappe.db.count("ToDo")) == 1
    make(bench, bench.site.name, "--force")
    assert bench.ask(lambda frappe: frappe.db.count("ToDo")) == 0


@pytest.mark.parametrize("name", ["..", "a/b", "assets", ".hidden"])
def test_a_name_that_is_no_folder_is_refused(bench: Commands, name: str) -> None:
    assert "can't be the name of a site" in bench.bare("new-site", name, status=1)


def test_a_server_that_can_not_be_asked_is_named_before_anything_is_made(bench: Commands) -> None:
    nowhere = ("--db-type", "mariadb", "--db-host", "127.0.0.1", "--db-port", "1", "--db-root-password", "x")
    said = bench.bare("new-site", "far.localhost", "--admin-password", "x", *nowhere, status=1)
    assert "MariaDB" in said
    assert "Traceback" not in said
    assert not Path("far.localhost").exists()


def test_a_site_that_fails_leaves_nothing_behind(bench: Commands) -> None:
    bench.bare("new-site", "half.localhost", *SERVER, "--install-app", "nosuchapp", status=1)
    assert not Path("half.localhost").exists()


def test_dropping_a_site_backs_it_up_and_archives_it(bench: Commands, tmp_path: Path) -> None:
    make(bench, "gone.localhost")
    drop(bench, "gone.localhost", "--archived-sites-path", str(tmp_path / "archive"))
    assert not Path("gone.localhost").exists()
    assert list((tmp_path / "archive/gone.localhost/private/backups").glob("*-database.sql.gz"))


def test_dropping_a_site_that_is_not_there_is_refused(bench: Commands) -> None:
    result = bench.run("drop-site", "nosuch.localhost")
    assert "does not exist" in str(result.exception)


def test_reinstall_wipes_the_data_and_keeps_apps_files_and_configuration(bench: Commands, app: str) -> None:
    bench("install-app", app)
    bench("set-config", "mark", "kept")
    (bench.folder / "private/files/paper.txt").write_text("kept")
    bench.do(lambda frappe: frappe.get_doc({"doctype": "ToDo", "description": "gone"}).insert())
    bench("reinstall", "--yes", "--admin-password", "new", *SERVER)
    assert bench.ask(lambda frappe: frappe.db.count("ToDo")) == 0
    assert app in bench("list-apps")
    assert bench.site.config.mark == "kept"
    assert (bench.folder / "private/files/paper.txt").read_text() == "kept"


def test_reinstall_asks_first(bench: Commands) -> None:
    bench("reinstall", given="n\n", status=1)


def test_use_sets_the_site_for_commands_that_name_none(bench: Commands) -> None:
    assert "Current Site set" in bench.bare("use", bench.site.name)
    assert "frappe" in bench.bare("list-apps")


def test_use_refuses_a_site_that_is_not_there(bench: Commands) -> None:
    assert "does not exist" in str(bench.run("use", "nosuch.localhost").exception)


def test_list_apps_as_json(bench: Commands) -> None:
    assert json.loads(bench("list-apps", "--format", "json", site="all")) == {bench.site.name: ["frappe"]}


def test_an_app_is_installed_and_taken_off_again(bench: Commands, app: str) -> None:
    bench("install-app", app)
    assert app in bench("list-apps")
    assert "already installed" in bench("install-app", app)
    output = bench("uninstall-app", app, "--yes")
    assert "Backup:" in output
    assert app not in bench("list-apps")


def test_a_hook_may_alter_tables_when_its_app_was_installed(bench: Commands, app: str, tmp_path: Path) -> None:
    package = tmp_path / app / app
    (package / "patches.txt").write_text(f"{app}.patches.nothing\n")
    (package / "setup.py").write_text(
        "import frappe\n\ndef index():\n    frappe.db.sql('alter table `tabNote` add column `mark` varchar(140)')\n"
    )
    with (package / "hooks.py").open("a") as hooks:
        hooks.write(f"\nafter_install = '{app}.setup.index'\n")
    bench("install-app", app)
    assert bench.ask(lambda frappe: "mark" in frappe.db.get_table_columns("Note"))


def test_uninstalling_can_be_rehearsed(bench: Commands, app: str) -> None:
    bench("install-app", app)
    bench("uninstall-app", app, "--dry-run")
    assert app in bench("list-apps")


def test_uninstalling_what_is_not_there_is_refused(bench: Commands) -> None:
    assert "not installed" in bench("uninstall-app", "nosuch", "--yes", status=1)
    assert "can't be uninstalled" in bench("uninstall-app", "frappe", "--yes", status=1)


def test_an_app_that_is_not_in_the_bench_is_not_installed(bench: Commands) -> None:
    assert "not in the bench" in bench("install-app", "nosuch", status=1)


def test_an_app_is_taken_off_the_list_alone(bench: Commands, app: str) -> None:
    bench("install-app", app)
    bench("remove-from-installed-apps", app)
    assert app not in bench("list-apps")
    assert bench.ask(lambda frappe: frappe.db.count("Module Def", {"app_name": app})) == 1


def test_version_lists_the_apps_of_the_bench(bench: Commands) -> None:
    import frappe

    assert f"frappe {frappe.__version__}" in bench.bare("version")
    assert json.loads(bench.bare("version", "-f", "json"))[0]["app"] == "frappe"
    assert "| App " in bench.bare("version", "-f", "table")


def test_add_to_hosts_says_what_it_did(bench: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("127.0.0.1 localhost\n")
    real_open = open

    def redirected(path: object, *args: object, **kwargs: object) -> object:
        return real_open(hosts if path == "/etc/hosts" else path, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr("builtins.open", redirected)
    assert "was added" in bench("add-to-hosts")
    assert "already" in bench("add-to-hosts")
    assert hosts.read_text().count(bench.site.name) == 1


@pytest.mark.parametrize(
    "name",
    [
        "migrate-to",
        "postgres",
        "ngrok",
        "jupyter",
        "run-ui-tests",
        "create-rq-users",
        "start-recording",
        "stop-recording",
    ],
)
def test_what_makes_no_sense_here_says_so(bench: Commands, name: str) -> None:
    assert "not part of this runtime" in bench(name, "--whatever", "x", status=1)
