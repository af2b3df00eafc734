"""Temporary sites: a template per set of apps and state of their files, copied for whoever needs one.

Invariant: a template is complete or not there; it is never written to after it was made.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from frappe_engine.cli.sites import new_site
from frappe_engine.context.cache import drop_caches
from frappe_engine.context.config import get_site_config, update_json_file
from frappe_engine.context.local import Context, current, use_context
from frappe_engine.database.database import drop_pool
from frappe_engine.documents.site import connect, destroy, init, set_user
from frappe_engine.testing import database

ADMIN_PASSWORD = "admin"
READ_EXTENSIONS = (".py", ".json", ".txt", ".csv", ".html", ".sql")
SKIPPED_FOLDERS = frozenset({"public", "node_modules", "__pycache__", "tests", "translations", "templates", "www"})
KEPT_TEMPLATES_S = 24 * 3600
TEMPLATE = "template.localhost"


@dataclass(frozen=True)
class TestSite:
    """A site of a test's own, in a bench folder of its own."""

    __test__ = False  # not a class of tests

    name: str
    sites_path: str
    apps: tuple[str, ...]
    admin_password: str = ADMIN_PASSWORD

    @property
    def folder(self) -> str:
        """The site's folder."""
        return os.path.join(self.sites_path, self.name)

    @property
    def config(self) -> Any:
        """The site's configuration as it is now."""
        return get_site_config(self.sites_path, self.name)

    def set_config(self, key: str, value: Any) -> None:
        """Set (with None: remove) a key of the site's own configuration."""
        update_json_file(os.path.join(self.folder, "site_config.json"), key, value)

    @contextmanager
    def connected(self, user: str = "Administrator") -> Iterator[Context]:
        """Run a block on this site; what the block did not commit is undone."""
        with connected(self.name, self.sites_path, user) as context:
            yield context


@contextmanager
def connected(site: str, sites_path: str, user: str = "Administrator") -> Iterator[Context]:
    """Run a block on a site in a context of its own, as in a test; what the block did not commit is undone."""
    with use_context(Context()):
        init(site, sites_path, force=True)
        current().flags.in_test = True
        connect()
        if user != "Administrator":
            set_user(user)
        try:
            yield current()
        finally:
            destroy()


@contextmanager
def temporary_site(apps: Iterable[str] = (), *, name: str | None = None) -> Iterator[TestSite]:
    """Give a fresh site with `apps` (and the framework) installed; it is gone after the block.

    The database is the one of EC_TEST_DB (see docs/testing.md).
    """
    wanted = tuple(app for app in dict.fromkeys(apps) if app != "frappe")
    template = ensure_template(wanted)
    with tempfile.TemporaryDirectory(prefix="ec-test-") as folder:
        sites_path = os.path.join(folder, "sites")
        site = _copy(template, wanted, sites_path, name or f"test-{secrets.token_hex(4)}.localhost")
        try:
            yield site
        finally:
            config = site.config
            drop_pool(config, sites_path, site.name)
            drop_caches(sites_path, site.name)
            database.remove_database(config, (sites_path, site.name))


def _copy(template: str, apps: tuple[str, ...], sites_path: str, name: str) -> TestSite:
    shutil.copytree(template, sites_path, ignore=shutil.ignore_patterns("db", "locks", TEMPLATE, "*.json", "*.tmp"))
    shutil.copytree(
        os.path.join(template, TEMPLATE),
        os.path.join(sites_path, name),
        ignore=shutil.ignore_patterns("db", "*.sqlite3*"),
    )
    for part in ("logs", "config/pids"):
        os.makedirs(os.path.join(os.path.dirname(sites_path), part), exist_ok=True)
    _write_json(os.path.join(sites_path, "common_site_config.json"), database.bench_config())
    source = get_site_config(template, TEMPLATE)
    own = os.path.join(sites_path, name, "site_config.json")
    if source.get("db_type") != "sqlite":
        update_json_file(own, "db_name", f"{database.PREFIX}{secrets.token_hex(8)}")
        update_json_file(own, "db_password", secrets.token_urlsafe(16))
    database.copy_database(source, (template, TEMPLATE), get_site_config(sites_path, name), (sites_path, name))
    return TestSite(name, sites_path, ("frappe", *apps))


def ensure_template(apps: tuple[str, ...]) -> str:
    """Give the folder with the sites of the template that has `apps` installed; make it when it is not there."""
    root = _templates_folder()
    folder = os.path.join(root, f"{database.server()}-{content_hash(apps)}")
    with open(f"{folder}.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_usable(folder):
            _remove_template(folder)
            _make_template(folder, apps)
            _prune(root, folder)
    return folder


def _templates_folder() -> str:
    root = os.environ.get("EC_TEST_CACHE") or os.path.join(tempfile.gettempdir(), f"ec-test-sites-{os.getuid()}")
    os.makedirs(root, mode=0o700, exist_ok=True)
    return root


def _is_usable(folder: str) -> bool:
    if not os.path.isdir(folder):
        return False
    _write_json(os.path.join(folder, "common_site_config.json"), database.bench_config())
    return database.has_database(get_site_config(folder, TEMPLATE), (folder, TEMPLATE))


def _make_template(folder: str, apps: tuple[str, ...]) -> None:
    draft = f"{folder}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    os.makedirs(draft)
    with open(os.path.join(draft, "apps.txt"), "w", encoding="utf-8") as file:
        file.write("\n".join(("frappe", *apps)) + "\n")
    _write_json(os.path.join(draft, "common_site_config.json"), database.bench_config())
    with use_context(Context()):
        new_site(
            TEMPLATE,
            sites_path=draft,
            db_type=database.db_type(),
            db_name=f"{database.PREFIX}{secrets.token_hex(8)}",
            root_password=database.root_password(),
            admin_password=ADMIN_PASSWORD,
            install_apps=apps,
            **_server(),
        )
    config = get_site_config(draft, TEMPLATE)
    drop_pool(config, draft, TEMPLATE)
    drop_caches(draft, TEMPLATE)
    database.settle(config, (draft, TEMPLATE))
    os.rename(draft, folder)


def _server() -> dict[str, Any]:
    config = database.bench_config()
    return {key: config.get(key) for key in ("db_host", "db_port", "db_socket")}


def _remove_template(folder: str) -> None:
    if os.path.isdir(folder):
        shutil.rmtree(folder)


def _prune(root: str, kept: str) -> None:
    """Remove templates of this database that nobody made or used for a day."""
    for name in os.listdir(root):
        folder = os.path.join(root, name)
        if folder == kept or not os.path.isdir(folder) or not name.startswith(f"{database.server()}-"):
            continue
        if time.time() - os.stat(folder).st_mtime > KEPT_TEMPLATES_S:
            _write_json(os.path.join(folder, "common_site_config.json"), database.bench_config())
            database.remove_database(get_site_config(folder, TEMPLATE), (folder, TEMPLATE))
            shutil.rmtree(folder)
            with suppress(FileNotFoundError):  # a draft whose maker was interrupted has none
                os.unlink(f"{folder}.lock")


def content_hash(apps: tuple[str, ...]) -> str:
    """Give a hash that changes when a file changes that making a site reads or runs."""
    digest = hashlib.sha1("|".join(apps).encode(), usedforsecurity=False)
    for package in ("frappe_engine", "frappe", *apps):
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            for path, seen in _files(folder):
                digest.update(f"{path}|{seen.st_mtime_ns}|{seen.st_size}".encode())
    return digest.hexdigest()[:16]


def _files(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    for entry in sorted(os.scandir(folder), key=lambda found: found.name):
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in SKIPPED_FOLDERS:
                yield from _files(entry.path)
        elif entry.name.endswith(READ_EXTENSIONS) and not entry.name.startswith("test_"):
            yield entry.path, entry.stat()


def _write_json(path: str, content: dict[str, Any]) -> None:
    temporary = f"{path}.{os.getpid()}.tmp"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, sort_keys=True)
    os.replace(temporary, path)
