"""Backups of a site: its database, its files, its configuration, in `private/backups`.

Names: `<time>-<site>[-partial]-database[-enc].sql.gz`, `…-files[-enc].tar`, `…-private-files[-enc].tar` (`.tgz` when
compressed), `…-site_config_backup[-enc].json`.

Invariant: a file has its final name only when it is complete; older backups go only after a new one is complete.
"""

from __future__ import annotations

import glob
import gzip
import io
import os
import tarfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any, cast

from frappe_engine.cli.dumps import dump_mariadb, dump_sqlite
from frappe_engine.cli.sealing import seal
from frappe_engine.context.clock import now_datetime
from frappe_engine.context.local import current
from frappe_engine.context.settings import system_setting
from frappe_engine.database.database import sqlite_path
from frappe_engine.documents.passwords import get_encryption_key

KEPT_HOURS = 24
KEPT_SETS = 3
LEVEL = 6


@dataclass(frozen=True)
class BackupPlan:
    """What to back up and where to; times are the site's."""

    with_files: bool = False
    compress: bool = False
    encrypt: bool | None = None  # None: as System Settings say
    with_config: bool = True
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    folder: str | None = None
    database_path: str | None = None
    files_path: str | None = None
    private_files_path: str | None = None
    config_path: str | None = None
    prune: bool = True
    moment: datetime | None = None


@dataclass
class Backup:
    """The files of one backup; None for what was not asked for."""

    site: str
    moment: datetime
    database: str
    config: str | None = None
    files: str | None = None
    private_files: str | None = None
    sizes: dict[str, int] = field(default_factory=dict)

    def paths(self) -> dict[str, str]:
        """Give the files by what they hold, in the order they are listed."""
        named = {"Config": self.config, "Database": self.database, "Public": self.files, "Private": self.private_files}
        return {name: path for name, path in named.items() if path}


def backup_folder() -> str:
    """Give the folder of the site's backups."""
    return os.path.join(current().site_path, "private", "backups")


def _is_encrypted(plan: BackupPlan) -> bool:
    return bool(int(system_setting("encrypt_backup") or 0)) if plan.encrypt is None else plan.encrypt


def make_backup(plan: BackupPlan) -> Backup:
    """Back the connected site up. Raises `DumpError` when its database can't be read."""
    context = current()
    moment = plan.moment or now_datetime()
    key = get_encryption_key() if _is_encrypted(plan) else None
    name = namer(context.site, moment, plan, encrypted=key is not None)
    include, exclude = chosen_tables(plan, context.conf)
    made = Backup(context.site, moment, plan.database_path or name("database", ".sql.gz", bool(include or exclude)))
    _write(made.database, key, lambda out: _dump_database(out, include, exclude))
    if plan.with_config:
        made.config = plan.config_path or name("site_config_backup", ".json")
        _write(made.config, key, _copy_config)
    if plan.with_files:
        made.files, made.private_files = _make_archives(plan, name, key)
    made.sizes = {path: os.path.getsize(path) for path in made.paths().values()}
    if plan.prune:
        remove_old_backups()
    return made


def make_archives(plan: BackupPlan) -> tuple[str, str]:
    """Pack the files of the connected site alone; give where the public and the private ones are."""
    key = get_encryption_key() if _is_encrypted(plan) else None
    name = namer(current().site, plan.moment or now_datetime(), plan, encrypted=key is not None)
    return _make_archives(plan, name, key)


def _make_archives(plan: BackupPlan, name: Callable[..., str], key: str | None) -> tuple[str, str]:
    suffix = ".tgz" if plan.compress else ".tar"
    public = plan.files_path or name("files", suffix)
    private = plan.private_files_path or name("private-files", suffix)
    for path, part in ((public, "public"), (private, "private")):
        _write(path, key, lambda out, part=part: _pack_files(out, part, compress=plan.compress))  # type: ignore[misc]
    return public, private


def namer(site: str, moment: datetime, plan: BackupPlan, *, encrypted: bool) -> Callable[..., str]:
    """Give the function that names the files of a backup."""
    folder = plan.folder or backup_folder()
    os.makedirs(folder, exist_ok=True)
    start = f"{moment:%Y%m%d_%H%M%S}-{site.replace('.', '_')}"

    def name(part: str, suffix: str, partial: bool = False) -> str:
        middle = "-partial" if partial else ""
        return os.path.join(folder, f"{start}{middle}-{part}{'-enc' if encrypted else ''}{suffix}")

    return name


def chosen_tables(plan: BackupPlan, config: Any) -> tuple[set[str], set[str]]:
    """Give the tables to back up alone and those to leave out, from the plan or the site's configuration (`backup`)."""
    configured = config.get("backup") or {}
    include = list(plan.include) or ([] if plan.exclude else list(configured.get("includes") or ()))
    exclude = list(plan.exclude) or ([] if plan.include else list(configured.get("excludes") or ()))
    return {f"tab{name}" for name in include}, {f"tab{name}" for name in exclude}


def _dump_database(out: IO[bytes], include: set[str], exclude: set[str]) -> None:
    context = current()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=LEVEL, mtime=0) as packed:
        if context.conf.db_type == "sqlite":
            text = io.TextIOWrapper(packed, encoding="utf-8", newline="\n", write_through=False)
            path = sqlite_path(context.conf, context.sites_path, context.site)
            dump_sqlite(path, text, lambda table: (not include or table in include) and table not in exclude)
            text.flush()
            text.detach()
        else:
            dump_mariadb(context.conf, cast(IO[bytes], packed), sorted(include) or None, sorted(exclude))


def _copy_config(out: IO[bytes]) -> None:
    with open(os.path.join(current().site_path, "site_config.json"), "rb") as file:
        out.write(file.read())


def _pack_files(out: IO[bytes], part: str, *, compress: bool) -> None:
    folder = os.path.join(current().site_path, part, "files")
    mode = "w|gz" if compress else "w|"
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        if os.path.isdir(folder):
            archive.add(folder, arcname=os.path.join(".", current().site, part, "files"))


def _write(path: str, key: str | None, produce: Callable[[IO[bytes]], None]) -> None:
    """Write a file under a passing name, seal it when there is a key, then give it its name."""
    draft = f"{path}.part"
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            produce(out)
        if key is not None:
            _seal_file(draft, key)
        os.replace(draft, path)
    except BaseException:
        if os.path.exists(draft):
            os.unlink(draft)
        raise


def _seal_file(path: str, key: str) -> None:
    sealed = f"{path}.sealed"
    descriptor = os.open(sealed, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with open(path, "rb") as source, os.fdopen(descriptor, "wb") as target:
        seal(source, target, key)
    os.replace(sealed, path)


# the backups that are there


def latest_backups(*, partial: bool = False) -> dict[str, str | None]:
    """Give the newest file of each kind of the connected site: `database`, `public`, `private`, `config`."""
    slug = current().site.replace(".", "_")
    middle = "-partial" if partial else ""
    patterns = {
        "database": f"*-{slug}{middle}-database*.sql.gz",
        "public": f"*-{slug}-files*.t*",
        "private": f"*-{slug}-private-files*.t*",
        "config": f"*-{slug}-site_config_backup*.json",
    }
    found = {
        kind: sorted(glob.glob(os.path.join(glob.escape(backup_folder()), name))) for kind, name in patterns.items()
    }
    return {kind: (paths[-1] if paths else None) for kind, paths in found.items()}


def remove_old_backups(older_than_hours: float | None = None, now: float | None = None) -> list[str]:
    """Remove backups that are older than the site keeps them, but never the newest few sets; give their files."""
    hours = older_than_hours or float(current().conf.get("keep_backups_for_hours") or KEPT_HOURS)
    kept_sets = int(system_setting("backup_limit") or KEPT_SETS)
    sets: dict[str, list[str]] = {}
    for path in glob.glob(os.path.join(glob.escape(backup_folder()), "*")):
        start = os.path.basename(path).split("-", 1)[0]
        if len(start) == 15 and start[8] == "_":
            sets.setdefault(start, []).append(path)
    oldest = (now or time.time()) - hours * 3600
    gone = []
    for start in sorted(sets, reverse=True)[max(kept_sets, 1) :]:
        for path in sets[start]:
            if os.path.getmtime(path) < oldest:
                os.unlink(path)
                gone.append(path)
    return gone


def size_text(size_bytes: float) -> str:
    """Give a size for people: `219.8KiB`."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size_bytes < 1024:
            return f"{size_bytes:.1f}{unit}"
        size_bytes /= 1024
    return f"{size_bytes:.1f}TiB"


def summary(made: Backup, *, with_files: bool) -> list[str]:
    """Give the lines that tell what was backed up."""
    paths = made.paths()
    width, longest = max(map(len, paths)), max(map(len, paths.values()))
    lines = [f"Backup Summary for {made.site} at {made.moment}"]
    lines += [f"{kind:<{width}}: {path:<{longest}} {size_text(made.sizes[path])}" for kind, path in paths.items()]
    lines.append(f"Backup for Site {made.site} has been successfully completed{' with files' if with_files else ''}")
    return lines
