"""Commands that back sites up and put backups back.

Invariant: after a restore that failed the site has the data it had before.
"""

from __future__ import annotations

from typing import Any

import click

from frappe_engine.cli.backups import BackupPlan, make_backup, summary
from frappe_engine.cli.context import connection, each_site, get_site, pass_context, say
from frappe_engine.cli.dumps import DumpError
from frappe_engine.cli.restoring import restore_dump, restore_files
from frappe_engine.cli.sealing import SealError
from frappe_engine.cli.sites import install_app, migrate
from frappe_engine.context.config import get_site_config
from frappe_engine.context.errors import ExecutableNotFound
from frappe_engine.context.local import current
from frappe_engine.documents.passwords import update_password


def _names(words: tuple[str, ...]) -> list[str]:
    return [name.strip() for word in words for name in word.split(",") if name.strip()]


@click.command("backup")
@click.option("--with-files", is_flag=True, help="The files too.")
@click.option("--include", "--only", "-i", multiple=True, help="Only these DocTypes (comma separated).")
@click.option("--exclude", "-e", multiple=True, help="All but these DocTypes (comma separated).")
@click.option("--backup-path", help="Folder for the backup.")
@click.option("--backup-path-db", help="File for the database.")
@click.option("--backup-path-files", help="File for the public files.")
@click.option("--backup-path-private-files", help="File for the private files.")
@click.option("--backup-path-conf", help="File for the configuration.")
@click.option("--ignore-backup-conf", is_flag=True, help="Don't look at `backup` in the site's configuration.")
@click.option(
    "--encrypt", is_flag=True, default=None, help="Encrypt with the site's key (else as System Settings say)."
)
@click.option("--verbose", is_flag=True, help="Say more.")
@click.option("--compress", is_flag=True, help="Compress the files.")
@click.option("--old-backup-metadata", is_flag=True, hidden=True, help="Accepted; no effect.")
@each_site
def backup(include: tuple[str, ...], exclude: tuple[str, ...], **given: Any) -> None:
    """Back the site up."""
    if include and exclude:
        raise click.ClickException("--include and --exclude can't go together")
    if given["ignore_backup_conf"]:
        current().conf.pop("backup", None)
    plan = BackupPlan(
        with_files=given["with_files"],
        compress=given["compress"],
        encrypt=given["encrypt"],
        include=_names(include),
        exclude=_names(exclude),
        folder=given["backup_path"],
        database_path=given["backup_path_db"],
        files_path=given["backup_path_files"],
        private_files_path=given["backup_path_private_files"],
        config_path=given["backup_path_conf"],
    )
    try:
        made = make_backup(plan)
    except (DumpError, ExecutableNotFound, OSError) as error:
        raise click.ClickException(f"Backup failed for Site {current().site}: {error}") from error
    for line in summary(made, with_files=plan.with_files):
        say(line)


@click.command("restore")
@click.argument("sql-file-path")
@click.option("--db-root-username", "--mariadb-root-username", help="Accepted; the site's own user is enough.")
@click.option("--db-root-password", "--mariadb-root-password", help="Accepted; the site's own user is enough.")
@click.option("--db-name", hidden=True, help="Accepted; the site keeps its database.")
@click.option("--admin-password", help="Administrator's password afterwards.")
@click.option("--install-app", multiple=True, help="An app to install afterwards.")
@click.option("--with-public-files", help="Archive of the public files.")
@click.option("--with-private-files", help="Archive of the private files.")
@click.option("--force", is_flag=True, help="Don't ask.")
@click.option("--encryption-key", help="Key of the backup, when it is not the site's.")
@pass_context
def restore(context: Any, sql_file_path: str, install_app: tuple[str, ...], **given: Any) -> None:
    """Replace the site's database, and files where given, by a backup."""
    site = str(get_site(context))
    key = given["encryption_key"] or get_site_config(".", site).get("encryption_key")
    try:
        restore_dump(site, sql_file_path, key=key, say=say)
        for part in ("public", "private"):
            archive = given[f"with_{part}_files"]
            if archive:
                say(f"Restored {restore_files(site, archive, part, key)} {part} files")
    except (DumpError, SealError, ExecutableNotFound) as error:
        raise click.ClickException(str(error)) from error
    after_restore(site, install_app, given["admin_password"])
    say(
        f"Site {site} has been restored{' with files' if given['with_public_files'] or given['with_private_files'] else ''}"
    )


def after_restore(site: str, apps: tuple[str, ...], admin_password: str | None) -> None:
    """Bring a restored site up to date: apps asked for, Administrator's password, schema."""
    with connection(site):
        if admin_password:
            update_password("Administrator", admin_password)
        migrate(say=lambda _text: None)
        for app in apps:
            install_app(app, say=say)


@click.command("partial-restore")
@click.argument("sql-file-path")
@click.option("--verbose", "-v", is_flag=True, help="Say more.")
@click.option("--encryption-key", help="Key of the backup, when it is not the site's.")
@pass_context
def partial_restore(context: Any, sql_file_path: str, verbose: bool, encryption_key: str | None) -> None:
    """Replace the tables that a partial backup holds; all others stay."""
    site = str(get_site(context))
    try:
        restore_dump(site, sql_file_path, key=encryption_key, partial=True, say=say)
    except (DumpError, SealError, ExecutableNotFound) as error:
        raise click.ClickException(str(error)) from error
    say(f"The tables of {sql_file_path} have been restored into {site}")


commands = [backup, restore, partial_restore]
