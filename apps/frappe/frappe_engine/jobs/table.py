"""Jobs in the site's own database: the table `__jobs`.

A job is `queued`, then `started` by a worker that holds a token and a lease, then `finished` or `failed`. Taking a job
and finishing it are conditional updates: of two that try, one changes a row. A lease that ran out, or whose worker is
gone, is taken over with a new token; the old holder finds out when it tries to commit.

Invariant: nothing here commits; times are seconds since 1970 (UTC) and arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from frappe_engine.jobs.calls import JobCall, method_name, pack

QUEUED, STARTED, FINISHED, FAILED = "queued", "started", "finished", "failed"
FRONT, NORMAL = -1, 0
PATH_LENGTH = 255
LEASE_S = 60.0
MOST_ATTEMPTS = 5  # by workers that died; a job that kills its worker must not go round for ever
FINISHED_KEPT_S = 600.0
FAILED_KEPT_S = 7 * 86400.0
FAILED_KEPT = 1000
COLUMNS = (
    *(
        "seq",
        "id",
        "queue",
        "priority",
        "status",
        "method",
        "job_name",
        "user",
        "event",
        "timeout",
        "payload",
        "created",
    ),
    *("available", "started", "ended", "worker", "token", "lease", "attempts", "retries", "error"),
)
LISTED = ", ".join(f"`{name}`" for name in COLUMNS)
INSERT_COLUMNS = (
    *("id", "unique_id", "queue", "priority", "status", "method", "job_name", "user", "event", "timeout", "payload"),
    *("created", "available"),
)


@dataclass(frozen=True)
class StoredJob:
    """A row of the table."""

    seq: int
    id: str
    queue: str
    priority: int
    status: str
    method: str
    job_name: str
    user: str
    event: str | None
    timeout: int
    payload: str
    created: float
    available: float
    started: float | None
    ended: float | None
    worker: str | None
    token: str | None
    lease: float | None
    attempts: int
    retries: int
    error: str | None


def row_of(call: JobCall, now: float, delay_s: float = 0.0) -> tuple[Any, ...]:
    """Give the values of a new row. Raises `UnfitArgumentsError`."""
    return (
        call.id,
        call.id if call.has_own_id else None,
        call.queue,
        FRONT if call.at_front else NORMAL,
        QUEUED,
        method_name(call.method)[:PATH_LENGTH],
        call.title,
        call.user,
        call.event,
        call.timeout_s,
        pack(call),
        now,
        now + delay_s,
    )


def insert(database: Any, row: tuple[Any, ...], *, deduplicate: bool) -> bool:
    """Add a job; with `deduplicate`, False and nothing added when one of its id waits or runs.

    An id may be given again when the job that had it is done; while that one waits or runs, a second one of the same id
    runs beside it unless duplicates are refused.
    """
    marks = ", ".join("?" * len(row))
    columns = ", ".join(f"`{name}`" for name in INSERT_COLUMNS)
    word = "INSERT OR IGNORE" if database.is_sqlite else "INSERT IGNORE"
    cursor = database.write(f"{word} INTO `__jobs` ({columns}) VALUES ({marks})", row)
    if cursor.rowcount > 0:
        return True
    if deduplicate:
        return False
    database.write(f"INSERT INTO `__jobs` ({columns}) VALUES ({marks})", (row[0], None, *row[2:]))
    return True


def next_job(database: Any, queues: Sequence[str], now: float) -> StoredJob | None:
    """Give the job to be done next: queues in their order, within each the oldest, those at the front first."""
    for queue in queues:
        row = database.row(
            f"SELECT {LISTED} FROM `__jobs` WHERE `status` = ? AND `queue` = ? AND `available` <= ?"
            " ORDER BY `priority`, `seq` LIMIT 1",
            (QUEUED, queue, now),
        )
        if row is not None:
            return StoredJob(*row)
    return None


def take(database: Any, job: StoredJob, worker: str, now: float) -> str | None:
    """Take a job that waits; give the token of this attempt, None when another worker was faster."""
    token = uuid4().hex
    cursor = database.write(
        "UPDATE `__jobs` SET `status` = ?, `worker` = ?, `token` = ?, `lease` = ?, `started` = ?,"
        " `attempts` = `attempts` + 1, `error` = NULL WHERE `seq` = ? AND `status` = ?",
        (STARTED, worker, token, now + LEASE_S, now, job.seq, QUEUED),
    )
    return token if cursor.rowcount == 1 else None


def renew(database: Any, seq: int, token: str, now: float) -> bool:
    """Extend the lease; False when the attempt was taken over."""
    cursor = database.write(
        "UPDATE `__jobs` SET `lease` = ? WHERE `seq` = ? AND `token` = ? AND `status` = ?",
        (now + LEASE_S, seq, token, STARTED),
    )
    return bool(cursor.rowcount == 1)


def finish(database: Any, seq: int, token: str, now: float) -> bool:
    """Mark a job as done; False when the attempt was taken over: its work must not be committed then."""
    cursor = database.write(
        "UPDATE `__jobs` SET `status` = ?, `ended` = ?, `unique_id` = NULL, `lease` = NULL WHERE `seq` = ? AND `token` = ?"
        " AND `status` = ?",
        (FINISHED, now, seq, token, STARTED),
    )
    return bool(cursor.rowcount == 1)


def fail(database: Any, seq: int, token: str | None, error: str, now: float) -> bool:
    """Mark a job as failed, with the reason; False when the attempt `token` has ended otherwise meanwhile."""
    cursor = database.write(
        "UPDATE `__jobs` SET `status` = ?, `ended` = ?, `error` = ?, `unique_id` = NULL, `lease` = NULL WHERE `seq` = ?"
        " AND ((`token` = ? AND `status` = ?) OR ? IS NULL)",
        (FAILED, now, error, seq, token, STARTED, token),
    )
    return bool(cursor.rowcount == 1)


def put_back(database: Any, seq: int, token: str, available: float, *, retries: int = 0, attempts: int = 0) -> bool:
    """Let a job wait again until `available`; counts it as retried, and gives attempts back that were no fault of it."""
    cursor = database.write(
        "UPDATE `__jobs` SET `status` = ?, `available` = ?, `token` = NULL, `worker` = NULL, `lease` = NULL,"
        " `retries` = `retries` + ?, `attempts` = `attempts` - ? WHERE `seq` = ? AND `token` = ? AND `status` = ?",
        (QUEUED, available, retries, attempts, seq, token, STARTED),
    )
    return bool(cursor.rowcount == 1)


def started_jobs(database: Any) -> list[tuple[int, str, str, float, int]]:
    """Give (seq, worker, token, lease, attempts) of the jobs that are being done."""
    return database.rows(  # type: ignore[no-any-return]
        "SELECT `seq`, `worker`, `token`, `lease`, `attempts` FROM `__jobs` WHERE `status` = ?", (STARTED,)
    )


def requeue(database: Any, seq: int, now: float) -> bool:
    """Let a failed job wait again."""
    cursor = database.write(
        "UPDATE `__jobs` SET `status` = ?, `available` = ?, `token` = NULL, `worker` = NULL, `attempts` = 0, `retries` = 0,"
        " `error` = NULL, `started` = NULL, `ended` = NULL WHERE `seq` = ? AND `status` = ?",
        (QUEUED, now, seq, FAILED),
    )
    return bool(cursor.rowcount == 1)


def remove(database: Any, *, status: str | None = None, queue: str | None = None, job_id: str | None = None) -> int:
    """Remove jobs that are not being done: all, those of a queue or a status, or of one id; give their number."""
    conditions, values = ["`status` <> ?"], [STARTED]
    for name, value in (("status", status), ("queue", queue), ("id", job_id)):
        if value is not None:
            conditions.append(f"`{name}` = ?")
            values.append(value)
    return int(database.write(f"DELETE FROM `__jobs` WHERE {' AND '.join(conditions)}", values).rowcount)


def expire(database: Any, now: float, finished_kept_s: float = FINISHED_KEPT_S) -> int:
    """Remove what nobody looks at any more: finished jobs after ten minutes, failed ones after a week."""
    count = database.write(
        "DELETE FROM `__jobs` WHERE (`status` = ? AND `ended` < ?) OR (`status` = ? AND `ended` < ?)",
        (FINISHED, now - finished_kept_s, FAILED, now - FAILED_KEPT_S),
    ).rowcount
    surplus = database.rows(
        f"SELECT `seq` FROM `__jobs` WHERE `status` = ? ORDER BY `seq` DESC LIMIT 10000 OFFSET {FAILED_KEPT}", (FAILED,)
    )
    return int(count) + (database.write_many("DELETE FROM `__jobs` WHERE `seq` = ?", surplus) if surplus else 0)


# completion of jobs that travelled by Redis


def was_finished(database: Any, job_id: str) -> bool:
    """Tell whether the job of that id was done and committed before."""
    return (
        database.row("SELECT 1 FROM `__jobs` WHERE `id` = ? AND `status` = ? LIMIT 1", (job_id, FINISHED)) is not None
    )


def mark_finished(database: Any, job_id: str, name: str, queue: str, now: float) -> bool:
    """Write down that a job is done, once: False when another run of it has done so."""
    cursor = database.write(
        "UPDATE `__jobs` SET `status` = ?, `ended` = ?, `unique_id` = ? WHERE `id` = ? AND `status` = ?",
        (FINISHED, now, job_id, job_id, QUEUED),
    )
    if cursor.rowcount:
        return True
    word = "INSERT OR IGNORE" if database.is_sqlite else "INSERT IGNORE"
    cursor = database.write(
        f"{word} INTO `__jobs` (`id`, `unique_id`, `queue`, `status`, `method`, `job_name`, `user`, `timeout`, `payload`,"
        " `created`, `available`, `ended`) VALUES (?, ?, ?, ?, ?, ?, '', 0, '', ?, ?, ?)",
        (job_id, job_id, queue, FINISHED, name[:PATH_LENGTH], name[:140], now, now, now),
    )
    return bool(cursor.rowcount)


def forget_queued(database: Any, job_id: str) -> None:
    """Remove the copy that was kept of a job until it was done."""
    database.write("DELETE FROM `__jobs` WHERE `id` = ? AND `status` = ?", (job_id, QUEUED))


def waiting_since(database: Any, before: float) -> list[StoredJob]:
    """Give the jobs that wait since before a moment."""
    rows = database.rows(
        f"SELECT {LISTED} FROM `__jobs` WHERE `status` = ? AND `available` < ? ORDER BY `seq`", (QUEUED, before)
    )
    return [StoredJob(*row) for row in rows]


# questions


def jobs(
    database: Any, *, statuses: Sequence[str] = (), queue: str | None = None, limit: int = 10_000
) -> list[StoredJob]:
    """Give jobs, the newest first."""
    conditions, values = ["1 = 1"], []
    if statuses:
        conditions.append(f"`status` IN ({', '.join('?' * len(statuses))})")
        values += list(statuses)
    if queue:
        conditions.append("`queue` = ?")
        values.append(queue)
    query = f"SELECT {LISTED} FROM `__jobs` WHERE {' AND '.join(conditions)} ORDER BY `seq` DESC LIMIT {int(limit)}"
    return [StoredJob(*row) for row in database.rows(query, values)]


def by_id(database: Any, job_id: str) -> StoredJob | None:
    """Give the newest job of an id, None when there is none."""
    row = database.row(f"SELECT {LISTED} FROM `__jobs` WHERE `id` = ? ORDER BY `seq` DESC LIMIT 1", (job_id,))
    return None if row is None else StoredJob(*row)


def is_active(database: Any, job_id: str) -> bool:
    """Tell whether a job of that id waits or runs."""
    row = database.row(
        "SELECT 1 FROM `__jobs` WHERE `id` = ? AND `status` IN (?, ?) LIMIT 1", (job_id, QUEUED, STARTED)
    )
    return row is not None


def counts(database: Any) -> dict[tuple[str, str], int]:
    """Give the number of jobs by (queue, status)."""
    rows = database.rows("SELECT `queue`, `status`, count(*) FROM `__jobs` GROUP BY `queue`, `status`")
    return {(queue, status): number for queue, status, number in rows}
