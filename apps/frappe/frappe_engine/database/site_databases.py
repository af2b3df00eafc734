"""The databases of sites: which driver a site's configuration means, its pool, and how a database is made and removed.

Invariant: one pool per database and process, so that a database that is dropped has no connection left.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from frappe_engine.context.errors import ValidationError
from frappe_engine.database.mariadb import MariaDBDriver, ServerNotReached, connector, root_driver
from frappe_engine.database.sqlite import SQLiteDriver
from frappe_engine.database.statements import literal
from frappe_engine.database.transaction import Pool
from frappe_engine.database.turns import forget_queue

_pools: dict[tuple[str, ...], Pool] = {}


def driver_for(config: Mapping[str, Any], sites_path: str, site: str) -> Any:
    """Give the driver of a site from its configuration."""
    if config.get("db_type") == "sqlite":
        return SQLiteDriver(sqlite_path(config, sites_path, site))
    return MariaDBDriver(
        config.get("db_name"),
        str(config.get("db_user") or config.get("db_name")),
        str(config.get("db_password") or ""),
        host=config.get("db_host"),
        port=config.get("db_port"),
        socket=config.get("db_socket"),
    )


def sqlite_path(config: Mapping[str, Any], sites_path: str, site: str) -> str:
    """Give the path of a site's SQLite file."""
    name = f"{config.get('db_name') or 'site'}.db"
    return os.path.join(os.path.abspath(sites_path), site, "db", name)


def pool_for(config: Mapping[str, Any], sites_path: str, site: str) -> Pool:
    """Give the pool of a site's connections in this process."""
    key = (os.path.abspath(sites_path), site, str(config.get("db_type")), str(config.get("db_name")))
    pool = _pools.get(key)
    if pool is None:
        pool = _pools.setdefault(key, Pool(driver_for(config, sites_path, site)))
    return pool


def drop_pool(config: Mapping[str, Any], sites_path: str, site: str) -> None:
    """Close and forget the connections to a site's database."""
    key = (os.path.abspath(sites_path), site, str(config.get("db_type")), str(config.get("db_name")))
    pool = _pools.pop(key, None)
    if pool is not None:
        pool.close()
        if isinstance(pool.driver, SQLiteDriver):
            forget_queue(pool.driver.path)


def check_server(config: Mapping[str, Any], root_login: str | None = None, root_password: str | None = None) -> None:
    """Raise `ServerNotReached`, saying why, when databases can't be made on the server of a site on MariaDB."""
    if config.get("db_type") == "sqlite":
        return
    errors = connector()
    try:
        with _root_connection(config, root_login, root_password):
            pass
    except errors.Error as error:
        raise ServerNotReached(f"MariaDB can't be used: {error}") from error


def create_database(
    config: Mapping[str, Any],
    sites_path: str,
    site: str,
    root_login: str | None = None,
    root_password: str | None = None,
) -> None:
    """Make an empty database for a site (and its user, on MariaDB)."""
    if config.get("db_type") == "sqlite":
        path = sqlite_path(config, sites_path, site)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        SQLiteDriver(path).create()
        return
    name, password = _identifier(config["db_name"]), str(config.get("db_password") or "")
    with _root_connection(config, root_login, root_password) as cursor:
        cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
        for host in ("localhost", "127.0.0.1", "%"):
            cursor.execute(f"CREATE USER IF NOT EXISTS '{name}'@'{host}' IDENTIFIED BY {literal(password)}")
            cursor.execute(f"GRANT ALL PRIVILEGES ON `{name}`.* TO '{name}'@'{host}'")


def drop_database(
    config: Mapping[str, Any],
    sites_path: str,
    site: str,
    root_login: str | None = None,
    root_password: str | None = None,
) -> None:
    """Remove a site's database (and its user, on MariaDB)."""
    drop_pool(config, sites_path, site)
    if config.get("db_type") == "sqlite":
        SQLiteDriver(sqlite_path(config, sites_path, site)).remove()
        return
    name = _identifier(config["db_name"])
    with _root_connection(config, root_login, root_password) as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS `{name}`")
        for host in ("localhost", "127.0.0.1", "%"):
            cursor.execute(f"DROP USER IF EXISTS '{name}'@'{host}'")


class _root_connection:  # noqa: N801 - used as a with-block
    """A cursor with the rights of the server's administrator."""

    def __init__(self, config: Mapping[str, Any], login: str | None, password: str | None) -> None:
        self.driver = root_driver(dict(config), login, password)

    def __enter__(self) -> Any:
        self.connection = self.driver.open()
        return self.connection.cursor()

    def __exit__(self, *_exception: object) -> None:
        self.connection.commit()
        self.connection.close()


def _identifier(name: Any) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_$]+", str(name)):
        raise ValidationError(f"{name!r} can't be the name of a database")
    return str(name)
