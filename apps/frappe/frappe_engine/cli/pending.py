"""Counting and removing the jobs of the connected site, on either backend.

Invariant: a job that is being done is never removed.
"""

from __future__ import annotations

from collections import Counter

from frappe_engine.context.local import current
from frappe_engine.jobs import queries, table


def count_by_queue() -> dict[tuple[str, str], int]:
    """Give the number of jobs by (queue, status)."""
    return dict(Counter((job.queue, job.status) for job in queries.list_jobs()))


def purge(queue: str | None = None, event: str | None = None) -> int:
    """Remove jobs that wait, all or those of a queue or an event; gives their number."""
    return sum(remove(job.id) for job in queries.list_jobs(("queued",), queue) if not event or job.event == event)


def remove(job_id: str) -> int:
    """Remove a job that is not being done; gives 1 when there was one."""
    if queries.on_redis():
        from frappe_engine.jobs.redis_backend import remove_jobs  # RQ is an extra, wanted by sites on Redis alone

        return remove_jobs(job_id=job_id)
    row = table.by_id(current().db, job_id)
    return table.remove(current().db, seq=row.seq) if row is not None else 0
