"""Putting a backup back: the database of a site, its files, its configuration stay apart.

Invariant: a site whose restore failed has the database it had before.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from frappe_engine.cli.dumps import (
    DumpError,
    dump_mariadb,
    kind_of_dump,
    merge_sqlite,
    open_bytes,
    open_text,
    restore_mariadb,
    restore_sqlite,
)
from frappe_engine.cli.sealing import is_sealed, unseal
from frappe_engine.context.cache import drop_caches
from frappe_engine.context.config import get_site_config
from frappe_engine.database.database import driver_for, drop_pool, sqlite_path

Say = Callable[[str], None]


@contextmanager
def plain_file(path: str, key: str | None) -> Iterator[str]:
    """Give the path of a file as it was before it was sealed. Raises `SealError` when the key does not fit."""
    if not os.path.isfile(path):
        raise DumpError(f"There is no file {path}")
    if not is_sealed(path):
        yield path
        return
    if not key:
        raise DumpError(f"{path} is encrypted: name its key with --encryption-key")
    with tempfile.NamedTemporaryFile(prefix="ec-restore-", suffix=os.path.splitext(path)[1]) as target:
        with open(path, "rb") as source:
            unseal(source, target, key)
        target.flush()
        yield target.name


def restore_dump(
    site: str,
    path: str,
    *,
    key: str | None = None,
    partial: bool = False,
    sites_path: str = ".",
    say: Say = lambda _text: None,
) -> None:
    """Replace a site's database (with `partial`: only the tables of the dump) by a dump.

    Raises `DumpError` when the dump is of another kind of database, broken, or sealed with another key.
    """
    config = get_site_config(sites_path, site)
    with plain_file(path, key or config.get("encryption_key")) as plain:
        kind = kind_of_file(plain)
        if kind != config.db_type:
            raise DumpError(
                f"The dump is of {kind}, the site is on {config.db_type}: restore it into a site on {kind}, then use migrate-database"
            )
        drop_pool(config, sites_path, site)
        say(f"Restoring {os.path.basename(path)} …")
        if kind == "sqlite":
            _restore_sqlite(sqlite_path(config, sites_path, site), plain, partial=partial)
        else:
            _restore_mariadb(config, plain, partial=partial)
    drop_caches(sites_path, site)
    forget_shared_cache(sites_path, site)


def kind_of_file(path: str) -> str:
    """Tell which database a dump file is of. Raises `DumpError` when it can't be read."""
    try:
        with open(path, "rb") as raw:
            return kind_of_dump(open_text(raw).readline())
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DumpError(f"The dump can't be read: {error}") from error


def _restore_sqlite(database: str, dump: str, *, partial: bool) -> None:
    try:
        with open(dump, "rb") as raw:
            lines = open_text(raw)
            merge_sqlite(database, lines) if partial else restore_sqlite(database, lines)
    except (EOFError, OSError) as error:
        raise DumpError(f"The dump can't be read: {error}") from error


def _restore_mariadb(config: dict[str, object], dump: str, *, partial: bool) -> None:
    with tempfile.TemporaryFile(prefix="ec-before-") as before:
        dump_mariadb(config, before, emptied=())
        before.seek(0)
        try:
            if not partial:
                drop_all_tables(config)
            with open(dump, "rb") as raw:
                restore_mariadb(config, _unpacked(raw))
        except BaseException:
            drop_all_tables(config)
            restore_mariadb(config, before)
            raise


def drop_all_tables(config: dict[str, object]) -> None:
    """Empty a site's database on MariaDB, with the rights of the site alone."""
    connection = driver_for(config, ".", "").open()
    try:
        cursor = connection.cursor()
        cursor.execute("SET SESSION foreign_key_checks=0")
        cursor.execute("SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = DATABASE()")
        for name, kind in cursor.fetchall():
            word = {"VIEW": "VIEW", "SEQUENCE": "SEQUENCE"}.get(kind, "TABLE")
            cursor.execute(f"DROP {word} IF EXISTS `{name}`")
    finally:
        connection.close()


def _unpacked(raw: IO[bytes]) -> IO[bytes]:
    return open_bytes(raw)


def forget_shared_cache(sites_path: str, site: str) -> None:
    """Remove what processes kept of the database that was replaced."""
    folder = os.path.join(sites_path, site, "locks")
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        if name.startswith("cache.sqlite3"):
            os.unlink(os.path.join(folder, name))


def restore_files(site: str, archive: str, part: str, key: str | None, sites_path: str = ".") -> int:
    """Unpack an archive of files into `<site>/<part>/files` (`public` or `private`); give the number of files.

    Raises `DumpError` when a name in the archive leads elsewhere; nothing is unpacked then.
    """
    target = os.path.join(sites_path, site, part, "files")
    with plain_file(archive, key) as plain, tempfile.TemporaryDirectory(dir=os.path.dirname(target)) as folder:
        try:
            with tarfile.open(plain) as packed:
                packed.extractall(folder, members=_checked_members(packed))
        except tarfile.TarError as error:
            raise DumpError(f"{archive} can't be unpacked: {error}") from error
        return sum(_move_files(source, target) for source in _file_folders(folder, part))


def _checked_members(packed: tarfile.TarFile) -> list[tarfile.TarInfo]:
    """Plain files and folders below the place of unpacking; anything else has no place among a site's files."""
    members = packed.getmembers()
    for member in members:
        parts = member.name.split("/")
        if member.name.startswith("/") or ".." in parts or not (member.isfile() or member.isdir()):
            raise DumpError(f"The archive holds {member.name!r}, which does not belong into a site's files")
        member.mode = 0o755 if member.isdir() else 0o644
    return members


def _file_folders(folder: str, part: str) -> Iterator[str]:
    """Archives hold `<site>/<part>/files`, whatever the site was called."""
    for parent, folders, _files in os.walk(folder):
        if "files" in folders and os.path.basename(parent) == part:
            yield os.path.join(parent, "files")


def _move_files(source: str, target: str) -> int:
    count = 0
    for parent, _folders, names in os.walk(source):
        into = os.path.normpath(os.path.join(target, os.path.relpath(parent, source)))
        os.makedirs(into, exist_ok=True)
        for name in names:
            shutil.move(os.path.join(parent, name), os.path.join(into, name))
            count += 1
    return count
