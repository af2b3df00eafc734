"""Which database and Redis tests run on, as the environment says, and how a site's database is copied there.

Invariant: a copy has a name and a password of its own; the original is only read.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping
from typing import Any

from frappe_engine.database.database import create_database, drop_database, sqlite_path
from frappe_engine.database.mariadb import root_driver

PREFIX = "ectest_"


def db_type() -> str:
    """Give the database that tests run on: `sqlite`, unless EC_TEST_DB says `mariadb`."""
    return os.environ.get("EC_TEST_DB") or "sqlite"


def server() -> str:
    """Give a word for the server that tests run on: the database's type and, where there are several, which one."""
    if db_type() == "sqlite":
        return "sqlite"
    place = "|".join(os.environ.get(f"EC_TEST_DB_{part}") or "" for part in ("SOCKET", "HOST", "PORT"))
    return f"{db_type()}_{hashlib.sha1(place.encode(), usedforsecurity=False).hexdigest()[:8]}"


def root_password() -> str | None:
    """Give the password of the database server's administrator (EC_TEST_DB_ROOT_PASSWORD)."""
    return os.environ.get("EC_TEST_DB_ROOT_PASSWORD")


def bench_config() -> dict[str, Any]:
    """Give the shared configuration of a test's bench: where its services are."""
    config: dict[str, Any] = {"db_type": db_type(), "allow_tests": 1, "bench_id": f"test-{secrets.token_hex(6)}"}
    if db_type() != "sqlite":
        config |= {
            "db_host": os.environ.get("EC_TEST_DB_HOST"),
            "db_port": int(os.environ.get("EC_TEST_DB_PORT") or 3306),
            "db_socket": os.environ.get("EC_TEST_DB_SOCKET"),
            "root_password": root_password(),
        }
    redis = os.environ.get("EC_TEST_REDIS")
    if redis:
        config |= {"redis_cache": redis, "redis_queue": redis}
    return {key: value for key, value in config.items() if value is not None}


def copy_database(
    source: Mapping[str, Any], source_site: tuple[str, str], target: Mapping[str, Any], target_site: tuple[str, str]
) -> None:
    """Copy a site's database; sites are given as (folder of the sites, name). Nobody writes to the source meanwhile."""
    if source.get("db_type") == "sqlite":
        path = sqlite_path(target, *target_site)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        shutil.copyfile(sqlite_path(source, *source_site), path)
        os.chmod(path, 0o600)
        return
    create_database(target, *target_site, None, root_password())
    _copy_tables(source, str(source["db_name"]), str(target["db_name"]))


def _copy_tables(config: Mapping[str, Any], source: str, target: str) -> None:
    connection = root_driver(dict(config), None, root_password()).open()
    try:
        cursor = connection.cursor()
        cursor.execute(
            "SELECT table_name, table_rows FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE'",
            (source,),
        )
        tables = cursor.fetchall()
        for table, rows in tables:
            cursor.execute(f"CREATE TABLE `{target}`.`{table}` LIKE `{source}`.`{table}`")
            if rows:  # an estimate, yet never 0 for a table with rows that were analysed when the source was made
                cursor.execute(f"INSERT INTO `{target}`.`{table}` SELECT * FROM `{source}`.`{table}`")
        connection.commit()
    finally:
        connection.close()


def has_database(config: Mapping[str, Any], site: tuple[str, str]) -> bool:
    """Tell whether a site's database is there."""
    if config.get("db_type") == "sqlite":
        return os.path.exists(sqlite_path(config, *site))
    connection = root_driver(dict(config), None, root_password()).open()
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT 1 FROM information_schema.schemata WHERE schema_name = ?", (config["db_name"],))
        return cursor.fetchone() is not None
    finally:
        connection.close()


def remove_database(config: Mapping[str, Any], site: tuple[str, str]) -> None:
    """Remove a site's database, and what Redis keeps of the site."""
    drop_database(config, *site, None, root_password())
    if config.get("redis_cache"):
        _forget_keys(str(config["redis_cache"]), (site[1], str(config.get("bench_id"))))


def _forget_keys(url: str, prefixes: tuple[str, ...]) -> None:
    import redis  # an extra, only where tests run on it

    server = redis.Redis.from_url(url)
    for prefix in prefixes:
        for key in server.scan_iter(f"*{prefix}*", count=1000):
            server.delete(key)


def settle(config: Mapping[str, Any], site: tuple[str, str]) -> None:
    """Let a database that was just filled be copied: SQLite's log goes into the file, MariaDB counts its rows."""
    if config.get("db_type") == "sqlite":
        import sqlite3

        connection = sqlite3.connect(sqlite_path(config, *site))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return
    connection = root_driver(dict(config), None, root_password()).open()
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = ?", (config["db_name"],))
        for (table,) in cursor.fetchall():
            cursor.execute(f"ANALYZE TABLE `{config['db_name']}`.`{table}`")
            cursor.fetchall()
    finally:
        connection.close()
