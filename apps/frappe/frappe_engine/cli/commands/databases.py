"""Commands that look into a site's database and tidy it.

Invariant: what holds data of a field that exists is never dropped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from typing import Any

import click

from frappe_engine.cli.backups import BackupPlan, make_backup
from frappe_engine.cli.commands.sites import root_options, root_password_for
from frappe_engine.cli.context import each_site, get_site, one_site, pass_context, say, unsupported
from frappe_engine.cli.dumps import client_options, program
from frappe_engine.cli.logs import delete_older_rows
from frappe_engine.cli.moving import MoveError, move_site
from frappe_engine.cli.tables import as_table
from frappe_engine.cli.trimming import ghost_tables, unused_columns
from frappe_engine.context.config import get_site_config
from frappe_engine.context.local import current
from frappe_engine.database.database import sqlite_path
from frappe_engine.documents.metas import get_meta

ENGINES = ("InnoDB", "MyISAM", "Aria", "RocksDB")


def open_console(site: str, words: tuple[str, ...]) -> None:
    """Become the console of the site's database; does not come back."""
    config = get_site_config(".", site)
    if config.db_type == "sqlite":
        shell = shutil.which("sqlite3")
        path = sqlite_path(config, ".", site)
        if shell is None:
            raise click.ClickException(
                f"sqlite3 is not installed (Debian: apt-get install sqlite3); the file is {path}"
            )
        os.execv(shell, [shell, *words, path])
    with client_options(config) as options:
        client = program("mariadb", "mysql")
        with open(
            options, "rb"
        ) as file:  # the console replaces this process: it gets the options, no file stays behind
            kept = os.memfd_create("client-options", 0)
            os.fchmod(kept, 0o600)  # the console ignores options that everybody may write
            os.write(kept, file.read())
    os.lseek(kept, 0, os.SEEK_SET)
    os.execv(client, [client, f"--defaults-extra-file=/proc/self/fd/{kept}", str(config.db_name), *words])


def _console_command(name: str, needs: str | None = None) -> click.Command:
    @click.command(name, context_settings={"ignore_unknown_options": True})
    @click.argument("extra_args", nargs=-1, type=click.UNPROCESSED)
    @pass_context
    def console(context: Any, extra_args: tuple[str, ...]) -> None:
        site = str(get_site(context))
        db_type = get_site_config(".", site).db_type
        if needs and db_type != needs:
            raise click.ClickException(f"{site} is on {db_type}; use db-console")
        open_console(site, extra_args)

    console.help = "Open the console of the site's database; further words go to it."
    return console


@click.command("add-database-index")
@click.option("--doctype", required=True, help="The DocType.")
@click.option("--column", required=True, multiple=True, help="A column; several make one index over all.")
@each_site
def add_index(doctype: str, column: tuple[str, ...]) -> None:
    """Index columns of a DocType's table, and keep the index over migrations."""
    columns = [name for word in column for name in word.split(",")]
    known = set(current().db.get_table_columns(doctype))
    missing = [name for name in columns if name not in known]
    if missing:
        raise click.ClickException(f"{doctype} has no column {', '.join(missing)}")
    current().db.add_index(doctype, columns)
    say(f"Indexed {', '.join(columns)} of {doctype}")


@click.command("describe-database-table")
@click.option("--doctype", required=True, help="The DocType.")
@click.option("--column", multiple=True, help="Count the different values of this column too.")
@one_site
def describe_table(doctype: str, column: tuple[str, ...]) -> None:
    """Describe a DocType's table as JSON: rows, columns, indexes."""
    say(json.dumps(description(current().db, doctype, column), indent=2, default=str))


def description(database: Any, doctype: str, counted: tuple[str, ...] = ()) -> dict[str, Any]:
    """Give the structure of a DocType's table; `counted` names columns whose different values are counted."""
    table = f"tab{doctype}"
    if not database.table_exists(doctype):
        raise click.ClickException(f"There is no table for {doctype}")
    types = database.get_column_types(table)
    columns = [{"column": name, "type": kind} for name, kind in types.items()]
    for entry in columns:
        if entry["column"] in counted:
            entry["cardinality"] = database.row(f"SELECT count(DISTINCT `{entry['column']}`) FROM `{table}`")[0]
    indexes = [
        {"name": name, "unique": unique, "sequence": number, "column": column}
        for name, (unique, members) in database.get_indexes(table).items()
        for number, column in enumerate(members, start=1)
    ]
    total = database.row(f"SELECT count(*) FROM `{table}`")[0]
    return {"table_name": table, "total_rows": total, "schema": columns, "indexes": indexes}


@click.command("transform-database")
@click.option("--table", required=True, help="`all`, or table names (comma separated).")
@click.option("--engine", type=click.Choice(ENGINES), help="Storage engine.")
@click.option(
    "--row_format",
    "row_format",
    type=click.Choice(["DYNAMIC", "COMPACT", "REDUNDANT", "COMPRESSED"]),
    help="Row format.",
)
@click.option("--failfast", is_flag=True, help="Stop at the first table that fails.")
@one_site
def transform(table: str, engine: str | None, row_format: str | None, failfast: bool) -> None:
    """Change engine or row format of tables (MariaDB)."""
    database = current().db
    if database.is_sqlite:
        raise click.ClickException("SQLite tables have neither engines nor row formats")
    if not engine and not row_format:
        raise click.ClickException("Say what to change: --engine, --row_format")
    changes = " ".join([f"ENGINE={engine}" if engine else "", f"ROW_FORMAT={row_format}" if row_format else ""]).strip()
    known = database.get_tables()
    for name in known if table == "all" else [word.strip() for word in table.split(",")]:
        if name not in known:
            raise click.ClickException(f"There is no table {name}")
        try:
            database.define([f"ALTER TABLE `{name}` {changes}"])
        except Exception as error:
            if failfast:
                raise
            click.secho(f"{name}: {error}", fg="red", err=True)
        else:
            say(f"{name}: {changes}")


@click.command("trim-database")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--format", "-f", "output", type=click.Choice(["text", "json"]), default="text", help="How to say it.")
@click.option("--no-backup", is_flag=True, help="Make no backup first.")
@click.option("--yes", "-y", is_flag=True, help="Don't ask.")
@each_site
def trim_database(dry_run: bool, output: str, no_backup: bool, yes: bool) -> None:
    """Drop tables whose DocType is gone."""
    database, site = current().db, current().site
    tables = ghost_tables(database)
    if output == "json":
        say(json.dumps({site: tables}))
    elif not tables:
        say(f"{site}: No ghost tables")
        return
    else:
        say(f"{site}: tables without a DocType: {', '.join(tables)}")
    if dry_run or not tables:
        return
    if not yes:
        click.confirm("Drop them?", abort=True)
    if not no_backup:
        say(f"Backup: {make_backup(BackupPlan(include=[name.removeprefix('tab') for name in tables])).database}")
    database.define([f"DROP TABLE `{name}`" for name in tables])


@click.command("trim-tables")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--format", "-f", "output", type=click.Choice(["table", "json"]), default="table", help="How to say it.")
@click.option("--no-backup", is_flag=True, help="Make no backup first.")
@each_site
def trim_tables(dry_run: bool, output: str, no_backup: bool) -> None:
    """Drop columns whose field is gone."""
    database = current().db
    columns = unused_columns(database)
    if not dry_run and columns:
        if not no_backup:
            say(f"Backup: {make_backup(BackupPlan()).database}")
        for doctype, names in columns.items():
            database.define([f"ALTER TABLE `tab{doctype}` DROP COLUMN `{name}`" for name in names])
    if output == "json":
        say(json.dumps({current().site: columns}, indent=1))
    elif columns:
        say(as_table([("DocType", "Fields"), *((doctype, ", ".join(names)) for doctype, names in columns.items())]))
    else:
        say(f"{current().site}: No unused columns")


@click.command("clear-log-table")
@click.option("--doctype", required=True, help="The log's DocType.")
@click.option("--days", required=True, type=click.IntRange(min=1), help="Rows younger than this stay.")
@click.option("--no-backup", is_flag=True, help="Make no backup first.")
@one_site
def clear_log_table(doctype: str, days: int, no_backup: bool) -> None:
    """Remove the older rows of a log."""
    meta = get_meta(doctype)
    if meta.istable or meta.issingle or not re.search(r"Log|Version|Queue|Deleted Document|History|View", doctype):
        raise click.ClickException(f"{doctype} is no log")
    if not no_backup:
        say(f"Backup: {make_backup(BackupPlan(include=[doctype])).database}")
    say(f"{delete_older_rows(current().db, doctype, days)} rows of {doctype} were removed")


@click.command("migrate-database")
@click.option(
    "--to", "db_type", required=True, type=click.Choice(["sqlite", "mariadb"]), help="The database to move to."
)
@click.option("--db-name", help="Name of the new database.")
@click.option("--db-host", help="Host of the database server.")
@click.option("--db-port", type=int, help="Port of the database server.")
@click.option("--db-socket", help="Socket of the database server.")
@root_options
@click.option("--chunk", type=click.IntRange(min=1), default=2000, help="Rows copied at a time.")
@click.option("--format", "-f", "output", type=click.Choice(["text", "json"]), default="text", help="How to report.")
@pass_context
def migrate_database(context: Any, db_type: str, root_password: str | None, output: str, **given: Any) -> None:
    """Move the site to the other kind of database: all tables, with counts and checksums compared, or not at all."""
    site = str(get_site(context))
    quiet = output == "json"
    try:
        report = move_site(
            site,
            db_type,
            root_password=root_password_for(db_type, root_password),
            say=(lambda _text: None) if quiet else say,
            **given,
        )
    except MoveError as error:
        raise click.ClickException(f"{error}\nThe site is unchanged.") from error
    if quiet:
        say(json.dumps(report.as_dict(), indent=1))
        return
    rows = [(table.name, table.rows, table.checksum) for table in report.tables if table.rows]
    say(as_table([("Table", "Rows", "Checksum"), *rows]))
    say(f"{len(report.tables)} tables, {report.rows} rows, all counts and checksums equal. {site} is on {db_type} now.")
    say(f"The old database is kept: {report.old_database}")


commands = [
    _console_command("db-console"),
    _console_command("mariadb", needs="mariadb"),
    unsupported("postgres", "sites are on SQLite or MariaDB"),
    add_index,
    describe_table,
    transform,
    trim_database,
    trim_tables,
    clear_log_table,
    migrate_database,
]
