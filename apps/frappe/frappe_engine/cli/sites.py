"""Making, filling and removing sites: the work behind `bench new-site`, `install-app`, `migrate`, `drop-site`.

Invariant: a command that fails leaves no half-made site behind.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from frappe_engine.context.cache import drop_caches
from frappe_engine.context.config import get_site_config, read_json_file, update_json_file
from frappe_engine.context.errors import AppNotInstalledError, IncompatibleApp, ValidationError
from frappe_engine.context.hooks import (
    call_hooks,
    forget_hooks,
    get_all_apps,
    get_app_path,
    get_attr,
    get_hooks,
    get_installed_apps,
)
from frappe_engine.context.local import current
from frappe_engine.database.database import create_database, drop_database, process_cache_of
from frappe_engine.database.site_databases import check_server
from frappe_engine.database.system_tables import system_tables
from frappe_engine.documents.controllers import get_module_list
from frappe_engine.documents.defaults import set_default
from frappe_engine.documents.life.loading import new_doc
from frappe_engine.documents.metas import ROW_TABLES, doctype_files, doctype_paths, get_meta, meta_of_file, update_table
from frappe_engine.documents.passwords import update_password
from frappe_engine.documents.patches import POST_MODEL_SYNC, PRE_MODEL_SYNC, mark_all_done, run_all
from frappe_engine.documents.site import connect, destroy, init
from frappe_engine.documents.sync import (
    file_hash,
    forget_everything,
    sync_app,
    sync_fixtures,
    write_doctypes,
)
from frappe_engine.jobs.scheduler import sync_jobs
from frappe_engine.schema.plan import create_table

SITE_FOLDERS = ("public/files", "private/files", "private/backups", "locks", "logs", "db")
SERVER_KEYS = ("db_name", "db_type", "db_host", "db_port", "db_socket", "db_password", "db_user")
Say = Callable[[str], None]


class SiteExistsError(ValidationError):
    """There is a site of that name."""


def new_site(
    site: str,
    *,
    sites_path: str = ".",
    db_type: str = "sqlite",
    db_name: str | None = None,
    db_password: str | None = None,
    db_host: str | None = None,
    db_port: int | None = None,
    db_socket: str | None = None,
    root_login: str | None = None,
    root_password: str | None = None,
    admin_password: str | None = None,
    install_apps: Iterable[str] = (),
    force: bool = False,
    say: Say = lambda _text: None,
) -> str:
    """Make a site with the framework and `install_apps` on it; give Administrator's password.

    Raises `SiteExistsError` when there is one of that name (with `force` its database is made anew; its files and the
    rest of its configuration stay), `ServerNotReached` before anything is made when the database's server can't be used.
    """
    folder = os.path.join(sites_path, site)
    existing = read_json_file(os.path.join(folder, "site_config.json"))
    if existing and not force:
        raise SiteExistsError(f"Site {site} already exists")
    config = {"db_type": db_type, "db_host": db_host, "db_port": db_port, "db_socket": db_socket}
    server = {key: value for key, value in config.items() if value is not None}
    check_server({**get_site_config(sites_path), **server}, root_login, root_password)
    if existing:
        drop_database(get_site_config(sites_path, site), sites_path, site, root_login, root_password)
    drop_caches(sites_path, site)
    name = db_name or "_" + hashlib.sha1(os.path.abspath(folder).encode(), usedforsecurity=False).hexdigest()[:16]
    _make_folders(folder)
    server["db_name"] = name
    if db_type != "sqlite":
        server["db_password"] = db_password or secrets.token_urlsafe(16)
    _write_config(folder, {**_without_server(existing), **server})
    full_config = get_site_config(sites_path, site)
    if force:  # what an attempt that was cut off left behind
        drop_database(full_config, sites_path, site, root_login, root_password)
    password = admin_password or full_config.get("admin_password") or secrets.token_urlsafe(12)
    try:
        say(f"Creating the database of {site} …")
        create_database(full_config, sites_path, site, root_login, root_password)
        install_framework(site, sites_path, password, say)
        for app in dict.fromkeys([*(full_config.get("install_apps") or []), *install_apps]):
            install_app(app, say=say)
        current().db.commit()
    except BaseException:
        _leave()
        if existing:  # its files stay for another attempt
            drop_database(full_config, sites_path, site, root_login, root_password)
        else:
            remove_site(site, sites_path=sites_path, root_login=root_login, root_password=root_password)
        raise
    _leave()
    return password


def _without_server(config: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in config.items() if key not in SERVER_KEYS}


def _leave() -> None:
    try:
        destroy()
    except Exception as error:  # noqa: BLE001 - leaving must not hide why we leave
        print(f"leaving the site: {error}")  # noqa: T201


def _make_folders(folder: str) -> None:
    for name in SITE_FOLDERS:
        os.makedirs(os.path.join(folder, name), exist_ok=True)


def _write_config(folder: str, config: dict[str, Any]) -> None:
    path = os.path.join(folder, "site_config.json")
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(config, file, indent=1, sort_keys=True)


def install_framework(site: str, sites_path: str, admin_password: str, say: Say) -> None:
    """Make the framework's tables, its DocTypes and first documents in an empty database; stays connected."""
    init(site, sites_path, force=True)
    context = current()
    drop_caches(sites_path, site)
    context.process_cache = context.definitions = None
    context.flags.in_install = "frappe"
    context.flags.new_site = True
    connect()
    folder = get_app_path("frappe")
    files = doctype_files({"frappe": folder})
    context.doctype_files = files
    database = context.db
    say("Making the framework's tables …")
    database.define(system_tables(database.db_type))
    stored = [
        definition
        for definition in files.values()
        if not definition.get("issingle") and not definition.get("is_virtual")
    ]
    for definition in stored:
        database.define(create_table(meta_of_file(definition), database.db_type))
    database.forget_structure()
    hashes = {json_name(path): file_hash(path) for path in doctype_paths(folder)}
    write_doctypes({name: (definition, hashes[name]) for name, definition in files.items()})
    database.commit()
    context.doctype_files = None
    process_cache_of(context).clear()
    set_default("installed_apps", json.dumps(["frappe"]), "__global")
    context.installed_apps = None
    forget_hooks()
    say("Making the framework's first documents …")
    _first_documents(admin_password)
    sync_app("frappe")
    mark_all_done("frappe")
    call_app_hooks("frappe", "after_install")
    sync_jobs()
    context.flags.in_install = False
    context.flags.new_site = False
    forget_everything()
    database.commit()


def json_name(path: str) -> str:
    """Give the name of the DocType that a file defines."""
    return str(read_json_file(path)["name"])


def _first_documents(admin_password: str) -> None:
    """What everything else names: the roles, and what the framework's own app writes before it is installed."""
    sync_fixtures("frappe")
    call_app_hooks("frappe", "before_install")
    update_password("Administrator", admin_password)


def install_app(app: str, *, force: bool = False, say: Say = lambda _text: None) -> bool:
    """Install an app (and those it requires) on the connected site; tell whether there was anything to do.

    Raises `AppNotInstalledError` when the app is not in the bench, `IncompatibleApp` when its hook stops it.
    """
    context = current()
    if app not in get_all_apps():
        raise AppNotInstalledError(f"App {app} is not in the bench (sites/apps.txt)")
    if app in get_installed_apps() and not force:
        say(f"App {app} is already installed")
        return False
    for required in get_hooks("required_apps", app_name=app):
        install_app(str(required).rsplit("/", 1)[-1], say=say)
    say(f"Installing {app} …")
    context.flags.in_install = app
    forget_hooks()
    try:
        for dotted_path in get_hooks("before_install", app_name=app):
            if get_attr(dotted_path)() is False:
                raise IncompatibleApp(f"{app} did not agree to be installed")
        _call_with_app("before_app_install", app)
        add_installed_app(app)
        sync_app(app)
        _store_new_singles(app)
        mark_all_done(app)
        if not context.db.is_sqlite:  # tables were made, which ended the transaction: the hook may alter some, too
            context.db.commit()
        call_app_hooks(app, "after_install")
        _call_with_app("after_app_install", app)
        sync_jobs()
        sync_fixtures(app)
        call_app_hooks(app, "after_sync")
    finally:
        context.flags.in_install = False
    forget_everything()
    context.db.commit()
    return True


def _store_new_singles(app: str) -> None:
    """Keep the defaults of an app's Singles, so that their values can be asked for before anyone saved them."""
    database = current().db
    modules = get_module_list(app)
    for (name,) in database.rows("SELECT `name` FROM `tabDocType` WHERE `issingle` = 1 AND `is_virtual` = 0"):
        meta = get_meta(name)
        if meta.module in modules and not database.get_singles_dict(name):
            values = new_doc(name).get_valid_dict(ignore_virtual=True)
            database.set_value(name, name, {key: value for key, value in values.items() if value is not None})


def _call_with_app(hook: str, app: str) -> None:
    for dotted_path in get_hooks(hook):
        get_attr(dotted_path)(app)


def call_app_hooks(app: str, hook: str) -> None:
    """Call the functions that one app sets for a hook."""
    for dotted_path in get_hooks(hook, app_name=app):
        get_attr(dotted_path)()


def add_installed_app(app: str) -> None:
    """Put an app on the list of installed ones."""
    apps = [*get_installed_apps(), *([app] if app not in get_installed_apps() else [])]
    _store_installed_apps(apps)


def _store_installed_apps(apps: list[str]) -> None:
    set_default("installed_apps", json.dumps(apps), "__global")
    current().installed_apps = None
    forget_hooks()
    process_cache_of(current()).clear()


def remove_from_installed_apps(app_name: str) -> None:
    """Take an app off the list of installed ones."""
    _store_installed_apps([name for name in get_installed_apps() if name != app_name])


def migrate(*, skip_failing: bool = False, say: Say = lambda _text: None) -> None:
    """Bring the connected site in line with its apps: patches, DocTypes, documents, fixtures, jobs."""
    context = current()
    forget_everything()
    forget_hooks()
    context.flags.in_migrate = True
    try:
        call_hooks("before_migrate")
        database = context.db
        database.define([s for s in system_tables(database.db_type, only_missing=set(database.get_tables()))])
        run_all(PRE_MODEL_SYNC, skip_failing)
        for app in get_installed_apps():
            say(f"Updating {app} …")
            sync_app(app)
        database.commit()
        run_all(POST_MODEL_SYNC, skip_failing)
        update_all_tables()
        sync_jobs()
        call_hooks("after_migrate")
    finally:
        context.flags.in_migrate = False
    forget_everything()
    context.db.commit()


def update_all_tables() -> None:
    """Bring the tables of customised DocTypes in line (custom fields added by fixtures, patches or hand)."""
    database = current().db
    for (doctype,) in database.rows("SELECT DISTINCT `dt` FROM `tabCustom Field`"):
        if database.exists("DocType", doctype):
            update_table(doctype)


def uninstall_app(app: str, *, dry_run: bool = False, say: Say = lambda _text: None) -> list[str]:
    """Take an app off the connected site with its DocTypes and their data; give the names of the DocTypes."""
    database = current().db
    modules = [row[0] for row in database.rows("SELECT `name` FROM `tabModule Def` WHERE `app_name` = ?", (app,))]
    doctypes = [
        row
        for module in modules
        for row in database.rows(
            "SELECT `name`, `issingle`, `is_virtual` FROM `tabDocType` WHERE `module` = ?", (module,)
        )
    ]
    names = [row[0] for row in doctypes]
    if dry_run:
        return names
    call_app_hooks(app, "before_uninstall")
    _call_with_app("before_app_uninstall", app)
    current().flags.in_uninstall = True
    for module in modules:
        for kind in (
            "Report",
            "Page",
            "Print Format",
            "Web Form",
            "Notification",
            "Workspace",
            "Number Card",
            "Dashboard Chart",
            "Dashboard",
        ):
            if database.table_exists(kind) and database.has_column(kind, "module"):
                database.write(f"DELETE FROM `tab{kind}` WHERE `module` = ?", (module,))
    for name, issingle, is_virtual in doctypes:
        say(f"Removing {name} …")
        _drop_doctype(name, has_table=not issingle and not is_virtual)
    for module in modules:
        database.write("DELETE FROM `tabModule Def` WHERE `name` = ?", (module,))
    remove_from_installed_apps(app)
    _call_with_app("after_app_uninstall", app)
    for dotted_path in get_hooks("after_uninstall", app_name=app):
        get_attr(dotted_path)()
    current().flags.in_uninstall = False
    forget_everything()
    database.commit()
    return names


def _drop_doctype(name: str, *, has_table: bool) -> None:
    database = current().db
    for table in ROW_TABLES.values():
        database.write(f"DELETE FROM `tab{table}` WHERE `parent` = ? AND `parenttype` = 'DocType'", (name,))
    for table, column in (("Custom Field", "dt"), ("Property Setter", "doc_type"), ("Custom DocPerm", "parent")):
        database.write(f"DELETE FROM `tab{table}` WHERE `{column}` = ?", (name,))
    database.write("DELETE FROM `tabDocType` WHERE `name` = ?", (name,))
    database.write("DELETE FROM `tabSingles` WHERE `doctype` = ?", (name,))
    if has_table:
        if not database.is_sqlite:
            database.commit()
        database.define([f"DROP TABLE IF EXISTS `tab{name}`"])
        database.forget_structure()


def remove_site(
    site: str,
    *,
    sites_path: str = ".",
    root_login: str | None = None,
    root_password: str | None = None,
    archive_to: str | None = None,
) -> None:
    """Remove a site's database, and its folder (or move it into `archive_to`)."""
    folder = os.path.join(sites_path, site)
    if os.path.exists(os.path.join(folder, "site_config.json")):
        drop_database(get_site_config(sites_path, site), sites_path, site, root_login, root_password)
    drop_caches(sites_path, site)
    if archive_to and os.path.isdir(folder):
        os.makedirs(archive_to, exist_ok=True)
        target = os.path.join(archive_to, site)
        number = 1
        while os.path.exists(target):
            target = os.path.join(archive_to, f"{site}{number}")
            number += 1
        shutil.move(folder, target)
    else:
        shutil.rmtree(folder, ignore_errors=True)


def set_default_site(site: str, sites_path: str = ".") -> None:
    """Let commands without `--site` mean this site."""
    update_json_file(os.path.join(sites_path, "common_site_config.json"), "default_site", site)


def get_sites(sites_path: str = ".") -> list[str]:
    """Give the names of the bench's sites."""
    return sorted(
        name for name in os.listdir(sites_path) if os.path.isfile(os.path.join(sites_path, name, "site_config.json"))
    )


def import_app_commands(app: str) -> list[Any]:
    """Give the click commands that an app ships in `<app>.commands`; none when it ships none."""
    try:
        module = import_module(f"{app}.commands")
    except ModuleNotFoundError as error:
        if error.name == f"{app}.commands":
            return []
        raise
    return list(getattr(module, "commands", []))
