"""Each command that people and programs rely on, through the real `bench`: what it prints and what it leaves behind."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from driven_bench import SITE, TrialBench

pytestmark = pytest.mark.slow


def value(bench: TrialBench, *question: Any) -> Any:
    """Ask the site's database for a value."""
    return json.loads(bench.on_site("execute", "frappe.db.get_value", "--args", json.dumps(question)) or "null")


def config(bench: TrialBench) -> dict[str, Any]:
    """Read the site's configuration."""
    found: dict[str, Any] = json.loads((bench.root / "sites" / SITE / "site_config.json").read_text())
    return found


# a command line, and what its output must show
SAYING: list[tuple[tuple[str, ...], str]] = [
    (("list-apps",), r"frappe +15\."),
    (("version",), r"frappe 15\."),
    (("show-config", "-f", "json"), r'"db_name"'),
    (("doctor",), r"(?i)worker"),
    (("clear-cache",), r""),
    (("clear-website-cache",), r""),
    (("reload-doc", "desk", "doctype", "todo"), r""),
    (("reload-doctype", "ToDo"), r""),
    (("show-pending-jobs",), r""),
    (("ready-for-migration",), r""),
    (("migrate", "--skip-search-index"), r""),
    (("rebuild-global-search",), r""),
    (("add-to-hosts", "--help"), r"Usage"),
    (("describe-database-table", "--doctype", "ToDo"), r'"total_rows"'),
    (("build-search-index",), r"Indexed \d+ documents"),
    (("add-database-index", "--doctype", "ToDo", "--column", "priority"), r""),
    (("set-last-active-for-user", "--user", "Guest"), r""),
    (("publish-realtime", "greeting", "--message", '{"a": 1}', "--user", "Guest"), r""),
    (("clear-log-table", "--doctype", "Error Log", "--days", "9", "--no-backup"), r""),
    (("trim-database", "--dry-run"), r""),
    (("trim-tables", "--dry-run"), r""),
    (("destroy-all-sessions",), r""),
    (("reset-perms",), r""),
    (("scheduler", "status"), r"(?i)enabled|disabled|active"),
    (("trigger-scheduler-event", "hourly"), r""),
    (("purge-jobs",), r"(?i)purged|0"),
    (("request", "--args", "/api/method/ping"), r"pong"),
    (("build-message-files",), r""),
    (("worker-pool", "--burst"), r""),
]


@pytest.mark.parametrize(("words", "shown"), SAYING, ids=[" ".join(case[0][:1]) for case in SAYING])
def test_a_command_says(bench: TrialBench, words: tuple[str, ...], shown: str) -> None:
    assert re.search(shown, bench.on_site(*words))


def test_bench_knows_the_commands(bench: TrialBench) -> None:
    known = json.loads(bench.framework("get-frappe-commands"))
    assert {"new-site", "install-app", "migrate", "backup", "restore", "run-tests", "migrate-database"} <= set(known)
    assert "migrate" in bench.run("--help")


def test_a_default_site_is_used(bench: TrialBench) -> None:
    bench.run("use", SITE)
    assert "frappe" in bench.run("list-apps")


def test_configuration_is_set(bench: TrialBench) -> None:
    bench.on_site("set-config", "greeting", "hello")
    bench.on_site("set-config", "-p", "limits", '{"users": 3}')
    assert (config(bench)["greeting"], config(bench)["limits"]) == ("hello", {"users": 3})
    bench.run("set-config", "-g", "everywhere", "1")
    assert "everywhere" in (bench.root / "sites/common_site_config.json").read_text()


def test_the_scheduler_is_switched(bench: TrialBench) -> None:
    bench.on_site("disable-scheduler")
    assert value(bench, "System Settings", None, "enable_scheduler") in ("0", 0)
    bench.on_site("enable-scheduler")
    assert value(bench, "System Settings", None, "enable_scheduler") in ("1", 1)


def test_maintenance_is_switched(bench: TrialBench) -> None:
    bench.on_site("set-maintenance-mode", "on")
    assert config(bench)["maintenance_mode"] == 1
    bench.on_site("set-maintenance-mode", "off")
    assert config(bench)["maintenance_mode"] == 0


def test_people_are_added_and_get_passwords(bench: TrialBench) -> None:
    bench.on_site("add-user", "staff@example.com", "--first-name", "Staff", "--password", "Strong-Pass-1")
    bench.on_site("add-system-manager", "boss@example.com", "--first-name", "Boss", "--password", "Strong-Pass-1")
    bench.on_site("set-password", "staff@example.com", "Other-Pass-2")
    bench.on_site("set-admin-password", "Admin-Pass-3")
    asked = '["staff@example.com", "Other-Pass-2"]'
    assert "staff@example.com" in bench.on_site("execute", "frappe.utils.password.check_password", "--args", asked)
    assert "/app?sid=" in bench.on_site("browse", SITE, "--user", "boss@example.com")
    bench.on_site("disable-user", "staff@example.com")
    assert value(bench, "User", "staff@example.com", "enabled") == 0


def test_a_console_takes_code(bench: TrialBench) -> None:
    printed = bench.on_site("console", given="print('users', frappe.db.count('User') > 1)\nexit\n")
    assert "users True" in printed


def test_rows_are_imported(bench: TrialBench) -> None:
    file = bench.root / "todo.csv"
    file.write_text("Description,Priority\ncount the boxes,High\n", encoding="utf-8")
    bench.on_site("data-import", "--file", str(file), "--doctype", "ToDo", "--type", "Insert")
    assert value(bench, "ToDo", {"description": "count the boxes"}, "priority") == "High"


def test_rows_are_exported(bench: TrialBench) -> None:
    target = bench.root / "users.json"
    bench.on_site("export-json", "User", str(target), "--name", "Guest")
    assert "Guest" in target.read_text()


def test_documents_travel_as_files(bench: TrialBench) -> None:
    target = bench.root / "users.csv"
    bench.on_site("export-csv", "User", str(target))
    assert "Administrator" in target.read_text()
    file = bench.root / "gender.json"
    file.write_text(json.dumps([{"doctype": "Gender", "gender": "Unsaid", "name": "Unsaid"}]))
    bench.on_site("import-doc", str(file))
    renamed = bench.root / "names.csv"
    renamed.write_text("Unsaid,Not Said\n")
    bench.on_site("bulk-rename", "Gender", str(renamed))
    assert value(bench, "Gender", "Not Said", "name") == "Not Said"


def test_files_of_apps_are_built(bench: TrialBench) -> None:
    bench.run("build", "--app", "book_club")
    assets = bench.root / "sites/assets"
    assert (assets / "book_club").is_dir()
    assert isinstance(json.loads((assets / "assets.json").read_text()), dict)


def test_the_console_of_the_database_takes_statements(bench: TrialBench) -> None:
    printed = bench.on_site("db-console", given="select name from tabUser where name = 'Guest';\n")
    assert "Guest" in printed
    on_mariadb = root_options() != []
    printed = bench.on_site("mariadb", given="select 6 * 7;\n", status=0 if on_mariadb else 1)
    assert ("42" if on_mariadb else "db-console") in printed


def test_a_site_is_dropped_with_a_backup(bench: TrialBench) -> None:
    bench.run("new-site", "second.localhost", "--admin-password", "secret", *made_by())
    bench.run("drop-site", "second.localhost", *root_options())
    assert not (bench.root / "sites/second.localhost").exists()
    archive = bench.root / "archived/sites/second.localhost"
    assert list(archive.glob("private/backups/*-database.sql.gz"))
    bench.run("drop-site", "second.localhost", *root_options(), status=1)


def made_by() -> list[str]:
    """Give the options by which a site is made on the database of this run."""
    kind = "sqlite" if root_options() == [] else "mariadb"
    return ["--db-type", kind, *root_options()]


def test_words_are_gathered_and_translated(bench: TrialBench) -> None:
    words, done = bench.root / "words.txt", bench.root / "done.txt"
    bench.on_site("get-untranslated", "de", str(words), "--app", "book_club")
    assert words.read_text().strip()
    first = words.read_text().splitlines()[0]
    words.write_text(first + "\n")
    done.write_text("Übersetzt\n")
    bench.on_site("update-translations", "de", str(words), str(done), "--app", "book_club")
    found = (bench.root / "apps/book_club/book_club/translations/de.csv").read_text()
    assert "Übersetzt" in found


def test_words_as_gettext(bench: TrialBench) -> None:
    bench.on_site("generate-pot-file", "--app", "book_club")
    folder = bench.root / "apps/book_club/book_club/locale"
    assert "msgid" in (folder / "main.pot").read_text()
    bench.on_site("create-po-file", "fr", "--app", "book_club")
    bench.on_site("update-po-files", "--app", "book_club")
    bench.on_site("compile-po-to-mo", "--app", "book_club")
    assert (folder / "fr.po").is_file()


# commands for which there is nothing to do in this runtime: they say what to use instead, and fail
SAYING_NO = ("ngrok", "jupyter", "postgres", "run-ui-tests", "create-rq-users", "migrate-to")


@pytest.mark.parametrize("command", SAYING_NO)
def test_what_makes_no_sense_here_says_so(bench: TrialBench, command: str) -> None:
    more = {"run-ui-tests": ("frappe",)}.get(command, ())
    printed = bench.on_site(command, *more, status=1)
    assert "Traceback" not in printed
    assert printed.strip()


def test_engines_of_tables_are_mariadbs_alone(bench: TrialBench) -> None:
    on_mariadb = root_options() != []
    words = ("transform-database", "--table", "all", "--engine", "InnoDB")
    printed = bench.on_site(*words, status=0 if on_mariadb else 1)
    assert ("tabUser: ENGINE=InnoDB" in printed) == on_mariadb
    assert "Traceback" not in printed


def test_an_app_is_made_installed_and_removed(bench: TrialBench) -> None:
    bench.framework("make-app", str(bench.root / "apps"), "brand_new", "--no-git")
    assert (bench.root / "apps/brand_new/brand_new/hooks.py").is_file()
    (bench.root / "sites/apps.txt").write_text("frappe\nbook_club\nbrand_new\n")
    bench.on_site("install-app", "brand_new")
    assert "OK" in bench.on_site("run-tests", "--app", "brand_new")
    bench.on_site("uninstall-app", "brand_new", "--yes", "--no-backup")
    (bench.root / "sites/apps.txt").write_text("frappe\nbook_club\n")
    assert "brand_new" not in bench.on_site("list-apps")


def made_backups(bench: TrialBench) -> list[Path]:
    """Give the files of the site's backups, the newest last."""
    return sorted((bench.root / "sites" / SITE / "private/backups").iterdir())


def test_an_encrypted_backup_with_files_comes_back(bench: TrialBench) -> None:
    public = bench.root / "sites" / SITE / "public/files/shown.txt"
    private = bench.root / "sites" / SITE / "private/files/kept.txt"
    public.write_text("shown")
    private.write_text("kept")
    words = '{"doctype": "ToDo", "name": "", "description": "before the backup"}'
    bench.on_site("execute", "frappe.client.insert", "--kwargs", f'{{"doc": {words}}}')
    bench.on_site("execute", "frappe.db.set_single_value", "--args", '["System Settings", "encrypt_backup", 1]')
    bench.on_site("backup", "--with-files", "--compress")
    files = [path for path in made_backups(bench) if "-enc" in path.name]
    assert len(files) >= 3, [path.name for path in made_backups(bench)]
    database = next(path for path in files if "database" in path.name)
    assert b"before the backup" not in database.read_bytes()
    bench.on_site("execute", "frappe.db.delete", "--args", '["ToDo"]')
    public.unlink()
    private.unlink()
    by = {kind: str(next(path for path in files if f"-{kind}" in path.name)) for kind in ("files", "private-files")}
    bench.on_site(
        "restore", str(database), "--with-public-files", by["files"], "--with-private-files", by["private-files"],
        "--force", *root_options(),
    )  # fmt: skip
    assert value(bench, "ToDo", {"description": "before the backup"}, "status") == "Open"
    assert (public.read_text(), private.read_text()) == ("shown", "kept")


def root_options() -> list[str]:
    """Give the options that name the database's administrator, where there is one."""
    if os.environ.get("EC_TEST_DB", "sqlite") == "sqlite":
        return []
    return ["--db-root-username", "root", "--db-root-password", os.environ.get("EC_TEST_DB_ROOT_PASSWORD", "")]


def test_jobs_are_done_by_a_worker(bench: TrialBench) -> None:
    code = "frappe.enqueue('frappe.defaults.set_global_default', key='done', value='yes'); frappe.db.commit()\nexit\n"
    bench.on_site("console", given=code)
    bench.run("worker", "--burst")
    assert "yes" in bench.on_site("execute", "frappe.db.get_default", "--args", '["done"]')


@pytest.fixture
def started(bench: TrialBench) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start commands that run on; all of them end with the test."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        running.append(bench.start(*words))
        return running[-1]

    yield start
    for process in running:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def free_port() -> int:
    """Give a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_site_is_served(bench: TrialBench, started: Callable[..., Any]) -> None:
    port = free_port()
    started("serve", "--port", str(port))
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/api/method/ping", headers={"Host": SITE})
    deadline = time.monotonic() + 60
    while True:
        try:
            assert json.loads(urllib.request.urlopen(asked, timeout=5).read()) == {"message": "pong"}
            return
        except OSError:
            assert time.monotonic() < deadline, "nobody answers"
            time.sleep(0.3)


@pytest.mark.parametrize("words", [("schedule",), ("watch",), ("worker", "--queue", "short")])
def test_a_long_command_runs_on_until_it_is_ended(words: tuple[str, ...], started: Callable[..., Any]) -> None:
    process = started(*words)
    time.sleep(3)
    assert process.poll() is None


def test_a_site_is_made_anew(bench: TrialBench) -> None:
    bench.on_site("reinstall", "--yes", "--admin-password", "Again-4", *root_options())
    assert value(bench, "ToDo", {"description": "before the backup"}, "name") is None
