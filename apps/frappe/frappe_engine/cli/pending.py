"""Counting and removing the jobs of the connected site, on either backend.

Invariant: a job that is being done is never removed.
"""

from __future__ import annotations

from collections import Counter

from frappe_engine.jobs import queries
from frappe_engine.jobs.handling import remove


def count_by_queue() -> dict[tuple[str, str], int]:
    """Give the number of jobs by (queue, status)."""
    return dict(Counter((job.queue, job.status) for job in queries.list_jobs()))


def purge(queue: str | None = None, event: str | None = None) -> int:
    """Remove jobs that wait, all or those of a queue or an event; gives their number."""
    return sum(remove(job.id) for job in queries.list_jobs(("queued",), queue) if not event or job.event == event)


__all__ = ["count_by_queue", "purge", "remove"]
