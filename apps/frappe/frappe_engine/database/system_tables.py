"""Tables that belong to no DocType: series, singles, passwords, sessions, user settings, search, background jobs.

Invariant: pure; the statements make what is missing and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection

_TABLES: dict[str, tuple[str, str]] = {
    "tabSeries": (
        "CREATE TABLE `tabSeries` (`name` varchar(100) COLLATE NOCASE NOT NULL PRIMARY KEY, `current` INTEGER NOT NULL DEFAULT 0)",
        "CREATE TABLE `tabSeries` (`name` varchar(100) NOT NULL PRIMARY KEY, `current` bigint(20) NOT NULL DEFAULT 0)",
    ),
    "tabSingles": (
        "CREATE TABLE `tabSingles` (`doctype` varchar(255) COLLATE NOCASE, `field` varchar(255), `value` TEXT)",
        "CREATE TABLE `tabSingles` (`doctype` varchar(255), `field` varchar(255), `value` longtext,"
        " KEY `singles_doctype_field_index` (`doctype`, `field`))",
    ),
    "__Auth": (
        "CREATE TABLE `__Auth` (`doctype` varchar(140) COLLATE NOCASE NOT NULL, `name` varchar(255) COLLATE NOCASE NOT NULL,"
        " `fieldname` varchar(140) NOT NULL, `password` TEXT NOT NULL, `encrypted` INTEGER NOT NULL DEFAULT 0,"
        " PRIMARY KEY (`doctype`, `name`, `fieldname`))",
        "CREATE TABLE `__Auth` (`doctype` varchar(140) NOT NULL, `name` varchar(255) NOT NULL, `fieldname` varchar(140) NOT NULL,"
        " `password` text NOT NULL, `encrypted` int(1) NOT NULL DEFAULT 0, PRIMARY KEY (`doctype`, `name`, `fieldname`))",
    ),
    "tabSessions": (
        "CREATE TABLE `tabSessions` (`user` varchar(255) COLLATE NOCASE, `sid` varchar(255) PRIMARY KEY, `sessiondata` TEXT,"
        " `ipaddress` varchar(45), `lastupdate` DATETIME, `status` varchar(20))",
        "CREATE TABLE `tabSessions` (`user` varchar(255), `sid` varchar(255) NOT NULL PRIMARY KEY, `sessiondata` longtext,"
        " `ipaddress` varchar(45), `lastupdate` datetime(6), `status` varchar(20), KEY `user` (`user`))",
    ),
    "__UserSettings": (
        "CREATE TABLE `__UserSettings` (`user` varchar(180) COLLATE NOCASE NOT NULL, `doctype` varchar(180) COLLATE NOCASE NOT NULL,"
        " `data` TEXT, PRIMARY KEY (`user`, `doctype`))",
        "CREATE TABLE `__UserSettings` (`user` varchar(180) NOT NULL, `doctype` varchar(180) NOT NULL, `data` text,"
        " UNIQUE KEY `user` (`user`, `doctype`))",
    ),
    "__global_search": (
        "CREATE TABLE `__global_search` (`doctype` varchar(100) COLLATE NOCASE, `name` varchar(140) COLLATE NOCASE,"
        " `title` varchar(140), `content` TEXT COLLATE NOCASE, `route` varchar(140), `published` INTEGER NOT NULL DEFAULT 0,"
        " UNIQUE (`doctype`, `name`))",
        "CREATE TABLE `__global_search` (`doctype` varchar(100), `name` varchar(140), `title` varchar(140), `content` text,"
        " `route` varchar(140), `published` int(1) NOT NULL DEFAULT 0, UNIQUE KEY `doctype_name` (`doctype`, `name`),"
        " FULLTEXT KEY `content` (`content`))",
    ),
    "__jobs": (
        "CREATE TABLE `__jobs` (`seq` INTEGER PRIMARY KEY AUTOINCREMENT, `id` varchar(255) NOT NULL, `unique_id` varchar(255) UNIQUE,"
        " `queue` varchar(140) NOT NULL, `priority` INTEGER NOT NULL DEFAULT 0, `status` varchar(20) NOT NULL,"
        " `method` varchar(255) NOT NULL, `job_name` varchar(140) NOT NULL, `user` varchar(140) NOT NULL, `event` varchar(140),"
        " `timeout` INTEGER NOT NULL, `payload` TEXT NOT NULL, `created` REAL NOT NULL, `available` REAL NOT NULL,"
        " `started` REAL, `ended` REAL, `worker` varchar(255), `token` varchar(40), `lease` REAL,"
        " `attempts` INTEGER NOT NULL DEFAULT 0, `retries` INTEGER NOT NULL DEFAULT 0, `error` TEXT)",
        "CREATE TABLE `__jobs` (`seq` bigint(20) NOT NULL AUTO_INCREMENT PRIMARY KEY, `id` varchar(255) NOT NULL, `unique_id` varchar(255),"
        " `queue` varchar(140) NOT NULL, `priority` int(11) NOT NULL DEFAULT 0, `status` varchar(20) NOT NULL,"
        " `method` varchar(255) NOT NULL, `job_name` varchar(140) NOT NULL, `user` varchar(140) NOT NULL, `event` varchar(140),"
        " `timeout` int(11) NOT NULL, `payload` longtext NOT NULL, `created` double NOT NULL, `available` double NOT NULL,"
        " `started` double, `ended` double, `worker` varchar(255), `token` varchar(40), `lease` double,"
        " `attempts` int(11) NOT NULL DEFAULT 0, `retries` int(11) NOT NULL DEFAULT 0, `error` longtext,"
        " UNIQUE KEY `unique_id` (`unique_id`), KEY `waiting` (`status`, `queue`, `priority`, `seq`), KEY `id` (`id`))",
    ),
}
_SQLITE_INDEXES = {
    "__jobs": [
        "CREATE INDEX `__jobs.waiting` ON `__jobs` (`status`, `queue`, `priority`, `seq`)",
        "CREATE INDEX `__jobs.id` ON `__jobs` (`id`)",
    ],
    "tabSingles": ["CREATE INDEX `singles_doctype_field_index` ON `tabSingles` (`doctype`, `field`)"],
    "tabSessions": ["CREATE INDEX `tabSessions.user` ON `tabSessions` (`user`)"],
}


def system_tables(database: str, only_missing: Collection[str] | None = None) -> list[str]:
    """Give the statements for `database` ("sqlite" or "mariadb"); with `only_missing`, the tables that exist."""
    statements: list[str] = []
    for name, (sqlite, mariadb) in _TABLES.items():
        if only_missing is not None and name in only_missing:
            continue
        if database == "sqlite":
            statements += [sqlite, *_SQLITE_INDEXES.get(name, [])]
        else:
            statements.append(f"{mariadb} ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
    return statements
