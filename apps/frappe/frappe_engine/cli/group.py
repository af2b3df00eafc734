"""The command group `frappe`: options before the command, the sites it works on, and where each command is found.

Invariant: only the module of the command that was asked for is imported; a command of an app wins over ours of the
same name.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from frappe_engine.cli.sites import get_sites, import_app_commands
from frappe_engine.context.config import read_json_file
from frappe_engine.context.errors import IncorrectSitePath, SiteNotSpecifiedError
from frappe_engine.context.hooks import get_all_apps
from frappe_engine.kit.attrdict import _dict

COMMANDS = "frappe_engine.cli.commands"
LOCATIONS: dict[str, tuple[str, ...]] = {
    "sites": ("new-site", "reinstall", "drop-site", "use", "add-to-hosts", "migrate-to"),
    "apps": ("install-app", "uninstall-app", "remove-from-installed-apps", "list-apps", "version"),
    "migration": ("migrate", "run-patch", "reload-doc", "reload-doctype", "ready-for-migration"),
    "backups": ("backup", "restore", "partial-restore"),
    "databases": (
        *("mariadb", "db-console", "postgres", "add-database-index", "describe-database-table"),
        *("transform-database", "trim-database", "trim-tables", "clear-log-table", "migrate-database"),
    ),
    "users": (
        *("add-user", "add-system-manager", "disable-user", "set-password", "set-admin-password"),
        *("set-last-active-for-user", "destroy-all-sessions", "browse", "reset-perms"),
    ),
    "settings": ("set-config", "show-config", "set-maintenance-mode"),
    "caches": ("clear-cache", "clear-website-cache", "build-search-index", "rebuild-global-search"),
    "documents": (
        *("export-doc", "export-json", "export-csv", "export-fixtures", "import-doc", "data-import", "bulk-rename"),
        "add-to-email-queue",
    ),
    "assets": ("build", "watch"),
    "serving": ("serve", "worker", "worker-pool", "schedule", "publish-realtime"),
    "scheduling": (
        *("enable-scheduler", "disable-scheduler", "scheduler", "trigger-scheduler-event", "doctor"),
        *("show-pending-jobs", "purge-jobs"),
    ),
    "develop": (
        *("console", "execute", "request", "make-app", "create-patch", "start-recording", "stop-recording"),
        *("jupyter", "ngrok", "create-rq-users"),
    ),
    "tests": ("run-tests", "run-parallel-tests", "run-ui-tests"),
    "translations": (
        *("build-message-files", "new-language", "get-untranslated", "update-translations", "import-translations"),
        *("migrate-translations", "generate-pot-file", "compile-po-to-mo", "migrate-csv-to-po", "update-po-files"),
        *("create-po-file", "update-csv-from-po"),
    ),
}
MODULES = {name: module for module, names in LOCATIONS.items() for name in names}


class CommandGroup(click.Group):
    """Finds commands by name: those of apps first, then ours."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._of_apps: dict[str, click.Command] | None = None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of all commands."""
        return list(dict.fromkeys([*MODULES, *self.of_apps()]))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give the command of that name, None when there is none."""
        return self.of_apps().get(cmd_name) or own_command(cmd_name)

    def of_apps(self) -> dict[str, click.Command]:
        """Give the commands that the bench's apps ship; an app that can't be imported is named and left out."""
        if self._of_apps is None:
            self._of_apps = {}
            for app in get_all_apps():
                if app != "frappe":
                    self._of_apps.update(commands_of_app(app))
        return self._of_apps

    def load_all(self) -> CommandGroup:
        """Have every command in `commands`, as shell completion wants it."""
        context = click.Context(self)
        for name in self.list_commands(context):
            command = self.get_command(context, name)
            if command is not None:
                self.commands[name] = command
        return self


def own_command(name: str) -> click.Command | None:
    """Give the framework's command of that name, None when there is none."""
    module = MODULES.get(name)
    if module is None:
        return None
    found: dict[str, click.Command] = {
        str(command.name): command for command in import_module(f"{COMMANDS}.{module}").commands
    }
    return found.get(name)


def commands_of_app(app: str) -> dict[str, click.Command]:
    """Give an app's commands by name; why there are none is said where that is a fault of the app."""
    try:
        if find_spec(app) is None:
            return {}
        return {str(command.name): command for command in import_app_commands(app)}
    except Exception as error:  # noqa: BLE001 - one app's fault must not take the commands of all others away
        click.secho(f"The commands of {app} can't be loaded: {type(error).__name__}: {error}", fg="yellow", err=True)
        return {}


def chosen_sites(site: str | None, environ: Mapping[str, str] = os.environ, sites_path: str = ".") -> list[str]:
    """Give the sites a command works on: `--site` ("all" for every one), else FRAPPE_SITE, else the default site.

    Raises `IncorrectSitePath` when a site was named that is not there.
    """
    if site == "all":
        return get_sites(sites_path)
    named = site or environ.get("FRAPPE_SITE")
    if named:
        if not os.path.isfile(os.path.join(sites_path, named, "site_config.json")):
            raise IncorrectSitePath(f"Site {named} does not exist!")
        return [named]
    default = read_json_file(os.path.join(sites_path, "common_site_config.json")).get("default_site")
    if default and os.path.isfile(os.path.join(sites_path, default, "site_config.json")):
        return [str(default)]
    return []


@click.group(cls=CommandGroup, name="frappe", help="Commands of the framework and of the apps.")
@click.option("--site", default=None, help="The site to work on; `all` for every site of the bench.")
@click.option("--profile", is_flag=True, default=False, help="Say afterwards where the time went.")
@click.option("--verbose", is_flag=True, default=False, help="Say more.")
@click.option("--force", is_flag=True, default=False, help="Do it even where there is a reason not to.")
@click.pass_context
def group(ctx: click.Context, site: str | None, profile: bool, verbose: bool, force: bool) -> None:
    """Keep what the options say for the command."""
    ctx.obj = _dict(sites=chosen_sites(site), force=force, verbose=verbose, profile=profile)


def run(action: Callable[[], Any]) -> None:
    """Run a command line; a missing or wrong site is said in yellow, with exit status 1."""
    try:
        action()
    except (SiteNotSpecifiedError, IncorrectSitePath) as error:
        click.secho(str(error), fg="yellow")
        sys.exit(1)
