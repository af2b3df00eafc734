"""`frappe.db`: the database as apps see it.

The class is put together from modules that hold one subject each: raw SQL, list queries, values, Singles, many rows,
the structure, errors. What else other layers need of a site's database is found here too, by its name.

Invariant: raw SQL (`sql`) is MariaDB's dialect on both databases; the other methods build their own statements from
DocTypes and never put a value into the text of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frappe_engine.context.local import current
from frappe_engine.context.missing import NamesWhatIsMissing
from frappe_engine.database.catalogue import Catalogue
from frappe_engine.database.driver_errors import DriverErrors
from frappe_engine.database.many_rows import ManyRows
from frappe_engine.database.older_names import OlderNames
from frappe_engine.database.passed_on import PassedOn
from frappe_engine.database.raw_sql import RawSQL
from frappe_engine.database.sequences import Sequences
from frappe_engine.database.singles import cast_single, single_text
from frappe_engine.database.site_caches import process_cache_of
from frappe_engine.database.site_databases import (
    create_database,
    driver_for,
    drop_database,
    drop_pool,
    pool_for,
    sqlite_path,
)
from frappe_engine.database.small_questions import SmallQuestions
from frappe_engine.database.transaction import Connection, Pool
from frappe_engine.database.values import DEFAULT_ORDER

__all__ = [
    "DEFAULT_ORDER",
    "Database",
    "cast_single",
    "connect",
    "create_database",
    "driver_for",
    "drop_database",
    "drop_pool",
    "pool_for",
    "process_cache_of",
    "single_text",
    "sqlite_path",
]


class Database(
    RawSQL, SmallQuestions, ManyRows, Sequences, DriverErrors, Catalogue, OlderNames, PassedOn, NamesWhatIsMissing
):
    """One site's database in this context."""

    public_name = "frappe.db"

    def __init__(self, pool: Pool, name: str) -> None:
        Connection.__init__(self, pool)
        self.cur_db_name = name
        self.value_cache: dict[Any, Any] = {}
        self.last_query = ""
        self.auto_commit_on_many_writes = False

    # caches follow the transaction

    def commit(self, chain: bool = False) -> None:
        """Make what was written lasting; caches of every process learn what changed."""
        super().commit()
        context = current()
        if context.__dict__.get("changed_cache_keys"):
            process_cache_of(context).publish_changes()

    def rollback(self, *, save_point: str | None = None, chain: bool = False) -> None:
        """Undo what was written, or what came after `save_point`."""
        super().rollback(save_point=save_point)
        self.value_cache.clear()
        current().document_cache = {}  # may hold documents as this transaction had changed them
        if save_point is None:
            process_cache_of(current()).discard_changes()
        else:
            process_cache_of(current()).discard_since_savepoint()


def connect(config: Mapping[str, Any], sites_path: str, site: str) -> Database:
    """Give a database object for the current context; the connection itself is opened at first use."""
    return Database(pool_for(config, sites_path, site), str(config.get("db_name")))
