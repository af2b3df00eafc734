"""What people do with jobs of the current site: take them away, run them again, stop them; alike for both backends.

Invariant: a job that is being done is never removed; one that is stopped keeps nothing of its work.
"""

from __future__ import annotations

import time
from typing import Any

from frappe_engine.context.local import current
from frappe_engine.jobs import queries, table
from frappe_engine.jobs.backends import wake

STOPPED = "Stopped by a user"


def _redis() -> Any:
    from frappe_engine.jobs import redis_backend  # RQ is an extra, wanted by sites on Redis alone

    return redis_backend


def remove(job_id: str) -> int:
    """Remove a job that is not being done; gives 1 when there was one."""
    if queries.on_redis():
        return int(_redis().remove_jobs(job_id=job_id))
    return int(table.remove(current().db, job_id=job_id) > 0)


def remove_failed() -> int:
    """Remove the jobs that failed; gives their number."""
    if queries.on_redis():
        return int(_redis().remove_jobs(status=table.FAILED))
    return table.remove(current().db, status=table.FAILED)


def retry(job_id: str) -> bool:
    """Let a failed job wait again (in the embedded mode with this transaction); False when it did not fail."""
    if queries.on_redis():
        return bool(_redis().requeue(job_id))
    context = current()
    row = table.by_id(context.db, job_id)
    if row is None or not table.requeue(context.db, row.seq, time.time()):
        return False
    context.db.after_commit.add(lambda: wake(context.sites_path, str(context.site)))
    return True


def stop(job_id: str) -> bool:
    """End a job that is being done: it counts as failed, and what it did is undone; False when it is not being done."""
    view = queries.find_job(job_id)
    if view is None or view.status != table.STARTED:
        return False
    if queries.on_redis():
        _redis().stop(job_id)
        return True
    row = table.by_id(current().db, job_id)
    return row is not None and table.fail(current().db, row.seq, row.token, STOPPED, time.time())
