"""Backups for apps that carry them elsewhere.

Invariant: what is backed up is the connected site; what `BackupGenerator` is told of databases is not needed for it.
"""

from __future__ import annotations

import os
import time
from typing import Any

from frappe_engine.cli.backups import BackupPlan, backup_folder, latest_backups, make_archives, make_backup

__all__ = ["BackupGenerator", "get_backup_path", "new_backup"]

HOUR_S = 3600


def get_backup_path() -> str:
    """Give the folder of the site's backups."""
    return backup_folder()


class BackupGenerator:
    """Makes backups of the connected site, or finds one that is new enough.

    `backup_path_db`, `backup_path_conf`, `backup_path_files` and `backup_path_private_files` say where they are.
    """

    def __init__(
        self,
        db_name: str | None = None,
        user: str | None = None,
        password: str | None = None,
        backup_path: str | None = None,
        backup_path_db: str | None = None,
        backup_path_files: str | None = None,
        backup_path_private_files: str | None = None,
        db_socket: str | None = None,
        db_host: str | None = None,
        db_port: Any = None,
        db_type: str | None = None,
        backup_path_conf: str | None = None,
        ignore_conf: bool = False,
        compress_files: bool = False,
        include_doctypes: str = "",
        exclude_doctypes: str = "",
        verbose: bool = False,
        **_options: Any,
    ) -> None:
        self.db_name, self.backup_path = db_name, backup_path
        self.backup_path_db, self.backup_path_conf = backup_path_db, backup_path_conf
        self.backup_path_files, self.backup_path_private_files = backup_path_files, backup_path_private_files
        self.ignore_conf, self.compress_files = ignore_conf, compress_files
        self.include_doctypes, self.exclude_doctypes = _names(include_doctypes), _names(exclude_doctypes)

    def _plan(self, *, with_files: bool) -> BackupPlan:
        return BackupPlan(
            with_files=with_files,
            compress=self.compress_files,
            with_config=not self.ignore_conf,
            include=self.include_doctypes,
            exclude=self.exclude_doctypes,
            folder=self.backup_path,
            database_path=self.backup_path_db,
            files_path=self.backup_path_files,
            private_files_path=self.backup_path_private_files,
            config_path=self.backup_path_conf,
        )

    def get_backup(self, older_than: float = 24, ignore_files: bool = False, force: bool = False) -> None:
        """Take the newest backup that is not older than some hours; make one where there is none, or with `force`."""
        found = (None, None, None, None) if force else self.get_recent_backup(older_than)
        database, public, private, config = found
        if database and config and (ignore_files or (public and private)):
            self._keep(database, config, public, private)
            return
        made = make_backup(self._plan(with_files=not ignore_files))
        self._keep(made.database, made.config, made.files, made.private_files)

    def get_recent_backup(
        self, older_than: float, partial: bool = False
    ) -> tuple[str | None, str | None, str | None, str | None]:
        """Give the newest database, public files, private files and configuration; None for what is older than some hours."""
        found = latest_backups(partial=partial)
        oldest = time.time() - older_than * HOUR_S

        def recent(kind: str) -> str | None:
            path = found[kind]
            return path if path and os.path.getmtime(path) >= oldest else None

        return recent("database"), recent("public"), recent("private"), recent("config")

    def set_backup_file_name(self) -> None:
        """Nothing is left to do: files that nobody named are named while they are made."""

    def zip_files(self) -> None:
        """Pack the files of the site alone."""
        self.backup_path_files, self.backup_path_private_files = make_archives(self._plan(with_files=True))

    def _keep(self, database: str, config: str | None, public: str | None, private: str | None) -> None:
        self.backup_path_db, self.backup_path_conf = database, config
        self.backup_path_files, self.backup_path_private_files = public, private


def _names(given: Any) -> tuple[str, ...]:
    names = given.split(",") if isinstance(given, str) else given or ()
    return tuple(name.strip() for name in names if name.strip())


def new_backup(
    older_than: float = 6,
    ignore_files: bool = False,
    backup_path: str | None = None,
    backup_path_db: str | None = None,
    backup_path_files: str | None = None,
    backup_path_private_files: str | None = None,
    backup_path_conf: str | None = None,
    ignore_conf: bool = False,
    include_doctypes: str = "",
    exclude_doctypes: str = "",
    compress: bool = False,
    force: bool = False,
    **_options: Any,
) -> BackupGenerator:
    """Back the site up, unless the newest backup is not older than some hours; `force` always does."""
    generator = BackupGenerator(
        backup_path=backup_path,
        backup_path_db=backup_path_db,
        backup_path_files=backup_path_files,
        backup_path_private_files=backup_path_private_files,
        backup_path_conf=backup_path_conf,
        ignore_conf=ignore_conf,
        compress_files=compress,
        include_doctypes=include_doctypes,
        exclude_doctypes=exclude_doctypes,
    )
    generator.get_backup(older_than, ignore_files, force=force)
    return generator
