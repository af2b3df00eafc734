"""Commands that put apps on a site, take them off and list them.

Invariant: an app's data go only after a backup, unless that was asked for.
"""

from __future__ import annotations

import json
import subprocess
from importlib import import_module
from typing import Any

import click

from frappe_engine.cli.backups import BackupPlan, make_backup
from frappe_engine.cli.context import each_site, pass_context, say
from frappe_engine.cli.sites import install_app, remove_from_installed_apps, uninstall_app
from frappe_engine.cli.tables import as_table
from frappe_engine.context.errors import AppNotInstalledError, IncompatibleApp
from frappe_engine.context.hooks import get_all_apps, get_app_path, get_installed_apps
from frappe_engine.context.local import current

VERSION_KEYS = ("commit", "app", "branch", "version")


@click.command("install-app")
@click.argument("apps", nargs=-1, required=True)
@click.option("--force", is_flag=True, help="Install again what is installed.")
@each_site
def install(apps: tuple[str, ...], force: bool) -> None:
    """Install apps on the site."""
    for app in apps:
        try:
            install_app(app, force=force or bool(current().command_options.force), say=say)
        except (AppNotInstalledError, IncompatibleApp) as error:
            raise click.ClickException(str(error)) from error


@click.command("uninstall-app")
@click.argument("app")
@click.option("--yes", "-y", is_flag=True, help="Don't ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--no-backup", is_flag=True, help="Make no backup first.")
@click.option("--force", is_flag=True, help="Take it off the list even when it is not installed or not in the bench.")
@each_site
def uninstall(app: str, yes: bool, dry_run: bool, no_backup: bool, force: bool) -> None:
    """Take an app off the site, with its DocTypes and all their data."""
    if app == "frappe":
        raise click.ClickException("The framework itself can't be uninstalled; drop the site instead")
    if app not in get_installed_apps() and not force:
        raise click.ClickException(f"App {app} is not installed on {current().site}")
    if dry_run:
        for name in uninstall_app(app, dry_run=True):
            say(f"Would remove DocType {name}")
        return
    if not yes:
        click.confirm(
            f"All DocTypes of {app} and all their data will be removed from {current().site}. Continue?", abort=True
        )
    if not no_backup:
        say(f"Backup: {make_backup(BackupPlan()).database}")
    uninstall_app(app, say=say)
    say(f"Uninstalled {app} from {current().site}")


@click.command("remove-from-installed-apps")
@click.argument("app")
@each_site
def remove(app: str) -> None:
    """Take an app off the list of installed apps; its data stay."""
    if app == "frappe":
        raise click.ClickException("The framework itself can't be removed")
    remove_from_installed_apps(app)


@click.command("list-apps")
@click.option("--format", "-f", "output", type=click.Choice(["text", "json"]), default="text", help="How to list them.")
@pass_context
def list_apps(context: Any, output: str) -> None:
    """List the apps installed on the site."""
    found: dict[str, list[str]] = {}

    @each_site
    def collect() -> None:
        found[current().site] = list(get_installed_apps())

    click.get_current_context().invoke(collect)
    if output == "json":
        say(json.dumps(found, indent=1))
        return
    for site, apps in found.items():
        if len(context.sites) > 1:
            click.secho(site, fg="green")
        for line in version_lines(apps):
            say(line)


def version_lines(apps: list[str]) -> list[str]:
    """Give a line per app: name, version, branch."""
    facts = [app_version(app) for app in apps]
    width = max(len(fact["app"]) for fact in facts)
    longest = max(len(fact["version"]) for fact in facts)
    return [f"{fact['app']:<{width}} {fact['version']:<{longest}} {fact['branch'] or 'UNVERSIONED'}" for fact in facts]


def app_version(app: str) -> dict[str, str]:
    """Give an app's version, and branch and commit where it is a git checkout."""
    return {
        "commit": _git(app, "--short", "HEAD"),
        "app": app,
        "branch": _git(app, "--abbrev-ref", "HEAD"),
        "version": str(getattr(import_module(app), "__version__", "0.0.1")),
    }


def _git(app: str, *words: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", get_app_path(app), "rev-parse", *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@click.command("version")
@click.option("-f", "--format", "output", type=click.Choice(["plain", "table", "json", "legacy"]), default="plain")
def version(output: str) -> None:
    """Show the versions of the bench's apps."""
    facts = [app_version(app) for app in sorted(get_all_apps())]
    if output == "json":
        say(json.dumps(facts, indent=4))
    elif output == "table":
        rows = [[fact[key] for key in ("app", "version", "branch", "commit")] for fact in facts]
        say(as_table([["App", "Version", "Branch", "Commit"], *rows]))
    else:
        for fact in facts:
            say(f"{fact['app']} {fact['version']}")


commands = [install, uninstall, remove, list_apps, version]
