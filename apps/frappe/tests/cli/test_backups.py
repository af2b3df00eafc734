"""Backups hold everything, restore exactly, and are worth nothing to who has no key."""

from __future__ import annotations

import gzip
import io
import json
import os
import sqlite3
import tarfile
import time
from pathlib import Path
from typing import Any

import pytest
from command_lines import Commands
from frappe_engine.cli.backups import remove_old_backups
from frappe_engine.cli.dumps import dump_sqlite, restore_sqlite, sqlite_literal
from frappe_engine.cli.sealing import SealError, seal, unseal
from hypothesis import example, given, settings
from hypothesis import strategies as st

AWKWARD = "line one\nline two\r\n'quoted' \\n \\10 ; -- \"x\" 暂估应付 \u2028 end"


def newest(bench: Commands, part: str) -> Path:
    return max((bench.folder / "private/backups").glob(f"*-{part}"), key=os.path.getmtime)


def note(text: str) -> Any:
    return lambda frappe: frappe.get_doc({"doctype": "ToDo", "description": text}).insert().name


def texts(bench: Commands) -> list[str]:
    return bench.ask(lambda frappe: sorted(frappe.get_all("ToDo", pluck="description")))  # type: ignore[no-any-return]


def test_a_backup_restores_what_was_there(bench: Commands) -> None:
    bench.do(note(AWKWARD))
    bench("backup")
    bench.do(note("later"))
    bench("restore", str(newest(bench, "database.sql.gz")), "--force")
    assert texts(bench) == [AWKWARD]


def test_files_and_configuration_are_in_the_backup(bench: Commands) -> None:
    (bench.folder / "public/files/open.txt").write_text("open")
    (bench.folder / "private/files/closed.txt").write_text("closed")
    bench("backup", "--with-files", "--compress")
    for part in ("public/files/open.txt", "private/files/closed.txt"):
        (bench.folder / part).unlink()
    public = next(
        path for path in (bench.folder / "private/backups").glob("*-files.tgz") if "private-files" not in path.name
    )
    archives = ["--with-public-files", str(public), "--with-private-files", str(newest(bench, "private-files.tgz"))]
    bench("restore", str(newest(bench, "database.sql.gz")), *archives)
    assert (bench.folder / "public/files/open.txt").read_text() == "open"
    assert (bench.folder / "private/files/closed.txt").read_text() == "closed"
    assert json.loads(newest(bench, "site_config_backup.json").read_text())["db_name"] == bench.site.config.db_name


def test_an_encrypted_backup_needs_the_key(bench: Commands) -> None:
    bench.do(note("secret word"))
    bench("backup", "--with-files", "--encrypt")
    dump = newest(bench, "database-enc.sql.gz")
    assert b"secret word" not in dump.read_bytes()
    key = bench.site.config.encryption_key
    bench.site.set_config("encryption_key", "another")
    assert "does not fit" in bench("restore", str(dump), status=1)
    bench("restore", str(dump), "--encryption-key", key)
    assert texts(bench) == ["secret word"]


def test_a_backup_is_encrypted_when_the_settings_say_so(bench: Commands) -> None:
    bench.do(lambda frappe: frappe.db.set_single_value("System Settings", "encrypt_backup", 1))
    bench("backup")
    assert newest(bench, "database-enc.sql.gz").exists()


def test_a_partial_backup_replaces_its_tables_alone(bench: Commands) -> None:
    bench.do(note("kept"))
    bench("backup", "--include", "ToDo")
    bench.do(note("later"))
    bench.do(lambda frappe: frappe.get_doc({"doctype": "Note", "title": "untouched"}).insert())
    bench("partial-restore", str(newest(bench, "partial-database.sql.gz")))
    assert texts(bench) == ["kept"]
    assert bench.ask(lambda frappe: frappe.db.count("Note")) == 1


def test_tables_can_be_left_out(bench: Commands) -> None:
    bench.do(note("left out"))
    bench("backup", "--exclude", "ToDo")
    assert b"left out" not in gzip.decompress(newest(bench, "partial-database.sql.gz").read_bytes())


def test_include_and_exclude_exclude_each_other(bench: Commands) -> None:
    assert "can't go together" in bench("backup", "--include", "ToDo", "--exclude", "Note", status=1)


def test_a_backup_goes_where_it_is_told(bench: Commands, tmp_path: Path) -> None:
    bench("backup", "--backup-path", str(tmp_path / "here"))
    assert list((tmp_path / "here").glob("*-database.sql.gz"))
    bench("backup", "--backup-path-db", str(tmp_path / "db.sql.gz"), "--backup-path-conf", str(tmp_path / "conf.json"))
    assert (tmp_path / "db.sql.gz").exists()
    assert (tmp_path / "conf.json").exists()


def test_waiting_jobs_are_not_restored(bench: Commands) -> None:
    bench.do(lambda frappe: frappe.enqueue("frappe.ping", enqueue_after_commit=True))
    bench("backup")
    bench("restore", str(newest(bench, "database.sql.gz")))
    assert bench.ask(lambda frappe: frappe.db.sql("select count(*) from `__jobs`"))[0][0] == 0


def test_a_broken_dump_leaves_the_site_as_it_was(bench: Commands, tmp_path: Path) -> None:
    bench.do(note("safe"))
    bench("backup")
    whole = gzip.decompress(newest(bench, "database.sql.gz").read_bytes())
    broken = tmp_path / "broken.sql.gz"
    broken.write_bytes(gzip.compress(whole[: len(whole) // 2] + b"\nINSERT INTO nowhere VALUES (;\n"))
    bench("restore", str(broken), status=1)
    broken.write_bytes(newest(bench, "database.sql.gz").read_bytes()[:5000])
    bench("restore", str(broken), status=1)
    assert texts(bench) == ["safe"]


def test_a_dump_of_another_kind_of_database_is_refused(bench: Commands, tmp_path: Path) -> None:
    other = tmp_path / "other.sql"
    is_sqlite = bench.site.config.db_type == "sqlite"
    other.write_text("-- MariaDB dump 10.19\n" if is_sqlite else "-- EC ERP dump of a SQLite database\n")
    assert "migrate-database" in bench("restore", str(other), status=1)


def test_an_archive_that_reaches_out_is_refused(bench: Commands, tmp_path: Path) -> None:
    bench("backup")
    archive = tmp_path / "evil.tar"
    with tarfile.open(archive, "w") as file:
        entry = tarfile.TarInfo("../../../evil.txt")
        entry.size = 4
        file.addfile(entry, io.BytesIO(b"evil"))
    output = bench("restore", str(newest(bench, "database.sql.gz")), "--with-public-files", str(archive), status=1)
    assert "does not belong" in output


def test_restore_sets_the_password_it_is_given(bench: Commands) -> None:
    bench("backup")
    bench("restore", str(newest(bench, "database.sql.gz")), "--admin-password", "restored")
    from frappe.utils.password import check_password

    assert bench.ask(lambda frappe: check_password("Administrator", "restored")) == "Administrator"


def test_old_backups_go_but_never_the_newest(bench: Commands) -> None:
    folder = bench.folder / "private/backups"
    for day in range(1, 7):
        path = folder / f"2024010{day}_000000-x-database.sql.gz"
        path.write_text("x")
        os.utime(path, (time.time() - 90_000, time.time() - 90_000))
    with bench.site.connected():
        gone = remove_old_backups()
    assert sorted(os.path.basename(path)[:8] for path in gone) == ["20240101", "20240102", "20240103"]


VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.binary(max_size=40),
    st.text(max_size=60),
)


@settings(max_examples=60, deadline=None)
@example([(123456.123456789, 3.696935377630945e-297), (5e-324, -1.7976931348623157e308)])
@given(st.lists(st.tuples(VALUES, VALUES), max_size=20))
def test_every_value_survives_dump_and_restore(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("dump")
    rows = [row for row in rows if all(not isinstance(value, str) or "\ud800" not in value for value in row)]
    before = sqlite3.connect(folder / "before.db")
    before.execute("CREATE TABLE t (a, b)")
    before.executemany("INSERT INTO t VALUES (?, ?)", rows)
    before.commit()
    before.close()
    out = io.StringIO()
    dump_sqlite(str(folder / "before.db"), out)
    restore_sqlite(str(folder / "after.db"), out.getvalue().split("\n"))
    assert sqlite3.connect(folder / "after.db").execute("SELECT * FROM t").fetchall() == rows


def test_a_value_is_one_line() -> None:
    assert "\n" not in sqlite_literal("a\nb") + sqlite_literal("a\r\n\\10b")


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 3 * (1 << 20)), st.integers(0, 1 << 30))
def test_a_sealed_file_opens_with_its_key_only_and_unchanged(size: int, place: int) -> None:
    plain = os.urandom(16) * (size // 16)
    sealed, opened = io.BytesIO(), io.BytesIO()
    seal(io.BytesIO(plain), sealed, "key")
    unseal(io.BytesIO(sealed.getvalue()), opened, "key")
    assert opened.getvalue() == plain
    changed = bytearray(sealed.getvalue())
    changed[place % len(changed)] ^= 1
    for content, key in ((sealed.getvalue(), "other"), (bytes(changed), "key"), (sealed.getvalue()[:-1], "key")):
        with pytest.raises(SealError):
            unseal(io.BytesIO(content), io.BytesIO(), key)
