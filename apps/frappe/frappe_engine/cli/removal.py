"""Removing a site for good: a backup first, then the database, then the files into the archive.

Invariant: without a finished backup nothing is removed, unless that was asked for.
"""

from __future__ import annotations

from collections.abc import Callable

import click

from frappe_engine.cli.backups import BackupPlan, make_backup
from frappe_engine.cli.context import connection


def drop_site_with_backup(
    site: str,
    *,
    archive: str,
    backup: bool,
    force: bool,
    remove: Callable[[str], None],
    say: Callable[[str], None],
) -> None:
    """Back a site up and remove it; `remove` is called with the folder of the archive.

    Raises `click.ClickException` when the backup fails and `force` is not set.
    """
    if backup:
        try:
            with connection(site):
                made = make_backup(BackupPlan(with_files=True))
            say(f"Backup: {made.database}")
        except Exception as error:
            if not force:
                raise click.ClickException(
                    f"The backup of {site} failed ({error}); nothing was removed. Use --force to remove it all the same."
                ) from error
            say(f"The backup failed: {error}")
    remove(archive)
    say(f"Site {site} was removed; its files are in {archive}")
