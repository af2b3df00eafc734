"""Where jobs go: into the site's database, or to RQ on Redis; the same questions for both.

Invariant: a job accepted after a commit was asked for is in that same commit, on both backends.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from frappe_engine.context.local import current
from frappe_engine.database.database import pool_for
from frappe_engine.database.transaction import Connection
from frappe_engine.jobs import bus, table
from frappe_engine.jobs.calls import JobCall

BUS_KIND = "jobs"


def uses_redis(config: Mapping[str, Any]) -> bool:
    """Tell whether a site's jobs go to RQ on Redis."""
    return bool(config.get("redis_queue"))


@contextmanager
def own_connection(config: Mapping[str, Any], sites_path: str, site: str) -> Iterator[Connection]:
    """A connection to a site's database apart from the current transaction; committed when the block ends well."""
    connection = Connection(pool_for(config, sites_path, site))
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


def wake(sites_path: str, site: str) -> None:
    """Tell idle workers that a site has something to do."""
    bus.send(sites_path, BUS_KIND, [site.encode()])


class TableBackend:
    """Jobs in the table of the current site."""

    def __init__(self) -> None:
        context = current()
        self.config, self.sites_path, self.site = context.conf, context.sites_path, context.site

    def add(self, call: JobCall, *, after_commit: bool) -> bool:
        """Accept a job; False when it is a duplicate that is not wanted. Raises `UnfitArgumentsError`."""
        row = table.row_of(call, time.time())
        database = current().get("db")
        if database is not None and (after_commit or (database.is_sqlite and database._open)):
            return self._add_with_transaction(database, row, call, survive_rollback=not after_commit)
        return self._add_now(row, call)

    def _add_now(self, row: tuple[Any, ...], call: JobCall) -> bool:
        with own_connection(self.config, self.sites_path, self.site) as connection:
            added = table.insert(connection, row, deduplicate=call.deduplicate)
        if added:
            wake(self.sites_path, self.site)
        return added

    def _add_with_transaction(
        self, database: Any, row: tuple[Any, ...], call: JobCall, *, survive_rollback: bool
    ) -> bool:
        """The job is written in the very commit it waits for.

        SQLite has one writer: a job wanted at once while this transaction writes is kept until it ends, either way.
        """
        if call.deduplicate and (table.is_active(database, call.id) or call.id in deferred_calls()):
            return False
        if survive_rollback:
            deferred_calls()[call.id] = call
            database.after_rollback.add(lambda: self._end_of_waiting(call.id, lambda: self._add_now(row, call)))
        database.before_commit.add(lambda: table.insert(database, row, deduplicate=call.deduplicate))
        database.after_commit.add(lambda: self._end_of_waiting(call.id, lambda: wake(self.sites_path, self.site)))
        return True

    @staticmethod
    def _end_of_waiting(job_id: str, act: Any) -> None:
        deferred_calls().pop(job_id, None)
        act()

    def is_active(self, job_id: str) -> bool:
        """Tell whether a job of that id waits or runs."""
        return table.is_active(current().db, job_id) or job_id in deferred_calls()


def deferred_calls() -> dict[str, JobCall]:
    """Give the jobs, by their ids, that were accepted and wait for the end of this transaction to be written."""
    return current().__dict__.setdefault("deferred_job_calls", {})  # type: ignore[no-any-return]


def backend() -> Any:
    """Give the backend of the current site."""
    if uses_redis(current().conf):
        from frappe_engine.jobs.redis_backend import RedisBackend  # RQ is an extra, wanted by sites on Redis alone

        return RedisBackend()
    return TableBackend()
