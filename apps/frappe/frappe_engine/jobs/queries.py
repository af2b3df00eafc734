"""Questions about the jobs of the current site, answered alike for both backends.

Invariant: asking changes nothing.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.local import current
from frappe_engine.jobs import table
from frappe_engine.jobs.backends import deferred_calls, uses_redis
from frappe_engine.jobs.views import JobView

ACTIVE = (table.QUEUED, table.STARTED)


def _redis() -> Any:
    from frappe_engine.jobs import redis_backend  # RQ is an extra, wanted by sites on Redis alone

    return redis_backend


def on_redis() -> bool:
    """Tell whether the current site has its jobs on Redis."""
    return uses_redis(current().conf)


def list_jobs(statuses: tuple[str, ...] = (), queue: str | None = None, limit: int = 10_000) -> list[JobView]:
    """Give jobs, the newest first."""
    if on_redis():
        return _redis().list_jobs(statuses, queue, limit)  # type: ignore[no-any-return]
    return [JobView.of_row(row) for row in table.jobs(current().db, statuses=statuses, queue=queue, limit=limit)]


def active_jobs() -> list[JobView]:
    """Give the jobs that wait or run, the oldest first."""
    return list_jobs(ACTIVE)[::-1]


def pending_jobs() -> int:
    """Give the number of jobs that wait or run."""
    return len(list_jobs(ACTIVE))


def find_job(job_id: str) -> JobView | None:
    """Give a job by its full id, None when there is none; one accepted in this transaction is there at once."""
    if on_redis():
        return _redis().find_job(job_id)  # type: ignore[no-any-return]
    row = table.by_id(current().db, job_id)
    if row is None or (row.status not in ACTIVE and job_id in deferred_calls()):
        call = deferred_calls().get(job_id)
        return None if call is None else JobView.of_call(call)
    return JobView.of_row(row)


def workers() -> list[Any]:
    """Give the workers of the bench that are at work: RQ's, or (embedded) those that hold a job or listen for one."""
    if on_redis():
        return _redis().workers()  # type: ignore[no-any-return]
    from frappe_engine.jobs.worker_list import embedded_workers

    return embedded_workers(str(current().sites_path))
