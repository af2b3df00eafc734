"""Commands that make and remove sites.

Invariant: a site that could not be finished leaves nothing behind.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from frappe_engine.cli.context import get_site, pass_context, say, unsupported
from frappe_engine.cli.removal import drop_site_with_backup
from frappe_engine.cli.restoring import restore_dump
from frappe_engine.cli.sites import SiteExistsError, new_site, remove_site, set_default_site
from frappe_engine.context.config import get_site_config, read_json_file
from frappe_engine.context.errors import IncorrectSitePath
from frappe_engine.database.mariadb import ServerNotReached

DEFAULT_DB_TYPE = "sqlite"


def root_options(command: Any) -> Any:
    """Add the options that name the database server's administrator."""
    for option in (
        click.option("--db-root-password", "--mariadb-root-password", "root_password", help="Its password."),
        click.option("--db-root-username", "--mariadb-root-username", "root_login", help="The server's administrator."),
    ):
        command = option(command)
    return command


def wanted_db_type(given: str | None) -> str:
    """Give the database type of a new site: as asked for, else as the bench's configuration says, else SQLite."""
    configured = os.environ.get("FRAPPE_DB_TYPE") or read_json_file("common_site_config.json").get("db_type")
    return str(given or configured or DEFAULT_DB_TYPE)


def root_password_for(db_type: str, given: str | None) -> str | None:
    """Give the administrator's password for a database server; asks for it where nothing says it."""
    if db_type == "sqlite":
        return None
    known = given if given is not None else get_site_config(".").get("root_password")
    if known is None and sys.stdin.isatty():
        known = click.prompt("Password of the database server's administrator", hide_input=True, default="")
    return known


def admin_password_for(given: str | None) -> str | None:
    """Give the password that Administrator gets; asked for at a terminal, None for a random one elsewhere."""
    known = given or get_site_config(".").get("admin_password")
    if known is None and sys.stdin.isatty():
        known = click.prompt("Set Administrator's password", hide_input=True, confirmation_prompt=True)
    return known


@click.command("new-site")
@click.argument("site")
@click.option("--db-name", help="Name of the database.")
@click.option("--db-password", help="Password of the database's user.")
@click.option("--db-type", type=click.Choice(["sqlite", "mariadb"]), help="The kind of database.")
@click.option("--db-host", help="Host of the database server.")
@click.option("--db-port", type=int, help="Port of the database server.")
@click.option("--db-socket", "--mariadb-db-socket", help="Socket of the database server.")
@click.option("--no-mariadb-socket", is_flag=True, hidden=True, help="Deprecated: the user may come from any host.")
@click.option("--mariadb-user-host-login-scope", hidden=True, help="Accepted: the user may come from any host.")
@root_options
@click.option("--admin-password", help="Administrator's password.")
@click.option("--verbose", is_flag=True, help="Say more.")
@click.option("--force", is_flag=True, help="Make the site anew when it exists.")
@click.option("--source-sql", "--source_sql", help="Fill the site from this dump.")
@click.option("--install-app", multiple=True, help="An app to install; may be given several times.")
@click.option("--set-default", is_flag=True, help="Let commands without --site mean this site.")
@click.option("--setup-db/--no-setup-db", default=True, help="Whether to make the database and its user.")
def make_site(
    site: str, install_app: tuple[str, ...], set_default: bool, source_sql: str | None, setup_db: bool, **given: Any
) -> None:
    """Make a new site."""
    check_name(site)
    if not setup_db:
        raise click.ClickException("--no-setup-db is not supported: the database is made together with the site")
    db_type = wanted_db_type(given["db_type"])
    admin_password = admin_password_for(given["admin_password"])
    try:
        password = new_site(
            site,
            db_type=db_type,
            **{key: given[key] for key in ("db_name", "db_password", "db_host", "db_port", "db_socket", "root_login")},
            root_password=root_password_for(db_type, given["root_password"]),
            admin_password=admin_password,
            install_apps=install_app,
            force=given["force"],
            say=say,
        )
    except SiteExistsError as error:
        raise click.ClickException(f"{error}, use `--force` to make it anew") from error
    except ServerNotReached as error:
        raise click.ClickException(str(error)) from error
    if source_sql:
        restore_dump(site, source_sql, say=say)
    if set_default:
        set_default_site(site)
    say(f"Site {site} is ready ({db_type}).")
    if admin_password is None and not source_sql:
        say(f"Administrator's password: {password}")


def check_name(site: str) -> None:
    """Refuse a site's name that could not be a folder of its own."""
    if site in {"", ".", "..", "assets", "all"} or os.path.basename(site) != site or site.startswith("."):
        raise click.ClickException(f"{site!r} can't be the name of a site")


@click.command("reinstall")
@click.option("--admin-password", help="Administrator's password.")
@root_options
@click.option("--yes", is_flag=True, help="Don't ask.")
@pass_context
def reinstall(
    context: Any, admin_password: str | None, root_login: str | None, root_password: str | None, yes: bool
) -> None:
    """Make the site anew with the same apps: all its data are lost."""
    site = str(get_site(context))
    if not yes:
        click.confirm("This will wipe your database. Are you sure you want to reinstall?", abort=True)
    apps = installed_apps_of(site)
    kept: dict[str, Any] = read_json_file(os.path.join(site, "site_config.json"))
    server: dict[str, Any] = {
        key: kept.get(key) for key in ("db_name", "db_password", "db_host", "db_port", "db_socket")
    }
    password = new_site(
        site,
        **server,
        db_type=str(kept.get("db_type") or "mariadb"),
        root_login=root_login,
        root_password=root_password_for(str(kept.get("db_type")), root_password),
        admin_password=admin_password_for(admin_password),
        install_apps=[app for app in apps if app != "frappe"],
        force=True,
        say=say,
    )
    say(f"Site {site} is as new.")
    if admin_password is None and not sys.stdin.isatty():
        say(f"Administrator's password: {password}")


def installed_apps_of(site: str) -> list[str]:
    """Give the apps installed on a site."""
    from frappe_engine.cli.context import connection
    from frappe_engine.context.hooks import get_installed_apps

    with connection(site):
        return list(get_installed_apps())


@click.command("drop-site")
@click.argument("site")
@click.option(
    "--db-root-username", "--mariadb-root-username", "--root-login", "root_login", help="The server's administrator."
)
@click.option("--db-root-password", "--mariadb-root-password", "--root-password", "root_password", help="Its password.")
@click.option("--archived-sites-path", help="Folder the site's files are moved to (archived/sites of the bench).")
@click.option("--no-backup", is_flag=True, help="Make no backup first.")
@click.option("--force", is_flag=True, help="Go on when the backup fails.")
def drop_site(
    site: str,
    root_login: str | None,
    root_password: str | None,
    archived_sites_path: str | None,
    no_backup: bool,
    force: bool,
) -> None:
    """Remove a site: its database is dropped after a backup, its files are moved to the archive."""
    if not os.path.isfile(os.path.join(site, "site_config.json")):
        raise IncorrectSitePath(f"Site {site} does not exist!")
    config = get_site_config(".", site)
    drop_site_with_backup(
        site,
        archive=archived_sites_path or os.path.join("..", "archived", "sites"),
        backup=not no_backup,
        force=force,
        remove=lambda archive: remove_site(
            site,
            root_login=root_login,
            root_password=root_password_for(str(config.db_type), root_password),
            archive_to=archive,
        ),
        say=say,
    )


@click.command("use")
@click.argument("site")
def use(site: str) -> None:
    """Let commands without --site mean this site."""
    if not os.path.isfile(os.path.join(site, "site_config.json")):
        raise IncorrectSitePath(f"Site {site} does not exist!")
    set_default_site(site)
    say(f"Current Site set to {site}")


@click.command("add-to-hosts")
@pass_context
def add_to_hosts(context: Any) -> None:
    """Add the site's name to /etc/hosts, so that a browser here finds it."""
    site = str(get_site(context))
    with open("/etc/hosts", encoding="utf-8") as file:
        known = any(site in line.split("#")[0].split()[1:] for line in file)
    if known:
        say(f"{site} is in /etc/hosts already")
        return
    try:
        with open("/etc/hosts", "a", encoding="utf-8") as file:
            file.write(f"127.0.0.1\t{site}\n")
    except PermissionError as error:
        raise click.ClickException(f"/etc/hosts can't be written: add the line `127.0.0.1 {site}` yourself") from error
    say(f"127.0.0.1 {site} was added to /etc/hosts")


commands = [
    make_site,
    reinstall,
    drop_site,
    use,
    add_to_hosts,
    unsupported("migrate-to", "sites are moved with `backup` and `restore`, or `migrate-database`"),
]
