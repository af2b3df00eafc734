"""Jobs on Redis through RQ: the same promises as the table gives, over a queue that workers on any host share.

A job that is to wait for a commit is written into the site's database with it (table `__jobs`) and handed to RQ after the
commit; what never arrived is handed over again by the scheduler. A job that is done is written down there in the very
transaction of its work, so that a run that RQ repeats (its worker died, or Redis forgot) ends without a second effect.

Invariant: the function RQ calls is `frappe.utils.background_jobs.execute_job`, whatever the job is.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

import redis
from rq import Retry, Worker, get_current_job
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.registry import FailedJobRegistry, FinishedJobRegistry, ScheduledJobRegistry, StartedJobRegistry

from frappe_engine.context.clock import get_system_timezone, zone
from frappe_engine.context.local import current
from frappe_engine.jobs import queues, table
from frappe_engine.jobs.backends import own_connection
from frappe_engine.jobs.calls import SEPARATOR, JobCall, method_name, unpack
from frappe_engine.jobs.execute import End, Surroundings, Work, perform
from frappe_engine.jobs.redis_taking import TakingQueue
from frappe_engine.jobs.views import JobView

EXECUTE_PATH = "frappe.utils.background_jobs.execute_job"
MOST_DEATHS = 5
LONGEST_WAIT_S = 20  # between two looks at who is due for a round, where no job comes
LONGEST_ROUND_S = 60  # RQ keeps the lock of a round for 15 minutes, of one that died, too
MOST_RETRIES = 5
RESULT_KEPT_S = 600
FAILURE_KEPT_S = 7 * 86400
MARKS_KEPT_S = 86400.0
UNDELIVERED_AFTER_S = 30.0
LISTEN_WAIT_S = 1.0
LOST = (redis.ConnectionError, redis.TimeoutError)
log = logging.getLogger("frappe.jobs")


class RedisLink:
    """A connection to one Redis of this process."""

    def __init__(self, url: str) -> None:
        self.redis: Any = redis.Redis.from_url(url)

    def publish_quietly(self, channel: str, messages: Sequence[bytes]) -> None:
        """Publish messages; that Redis can't be reached is logged."""
        try:
            pipe = self.redis.pipeline(transaction=False)
            for message in messages:
                pipe.publish(channel, message)
            pipe.execute()
        except LOST as error:
            log.warning("nobody was told: %s", error)

    def messages(self, channel: str, ended: threading.Event, ready: Callable[[], None]) -> Iterator[bytes]:
        """Give the messages of a channel until `ended` is set; calls `ready` once none will be missed.

        Raises `redis.ConnectionError` when Redis goes away.
        """
        with self.redis.pubsub() as channels:
            channels.subscribe(channel)
            while not ended.is_set():
                message = channels.get_message(timeout=LISTEN_WAIT_S)
                if message is not None and message["type"] == "subscribe":
                    ready()
                elif message is not None and message["type"] == "message":
                    yield message["data"]


@lru_cache(maxsize=16)
def _link(url: str, _pid: int) -> RedisLink:
    return RedisLink(url)


def connection_to(url: str) -> RedisLink:
    """Give this process's connection to a Redis."""
    return _link(url, os.getpid())


def redis_connection(config: Mapping[str, Any]) -> Any:
    """Give this process's connection to the Redis of the queues."""
    return connection_to(str(config["redis_queue"])).redis


def rq_id(job_id: str) -> str:
    """Give the id under which RQ keeps a job: letters, digits, `-`, and `_` with the code of anything else."""
    return re.sub(r"[^A-Za-z0-9-]", lambda found: f"_{ord(found[0]):x}_", job_id)


def own_id(job_id: str) -> str:
    """Give the id of a job from RQ's."""
    return re.sub(r"_([0-9a-f]+)_", lambda found: chr(int(found[1], 16)), job_id)


def rq_queue(config: Mapping[str, Any], sites_path: str, name: str) -> Any:
    """Give RQ's queue of a name; the bench's id is part of it, so that benches can share a Redis."""
    return TakingQueue(f"{queues.bench_id(config, sites_path)}:{name}", connection=redis_connection(config))


def all_queues(config: Mapping[str, Any], sites_path: str, wanted: Sequence[str] = ()) -> list[Any]:
    """Give RQ's queues of this bench, all or the wanted ones, in that order."""
    return [rq_queue(config, sites_path, name) for name in wanted or queues.names(config)]


class RedisBackend:
    """Jobs of the current site, on Redis."""

    def __init__(self) -> None:
        context = current()
        self.config, self.sites_path, self.site = context.conf, context.sites_path, str(context.site)

    def add(self, call: JobCall, *, after_commit: bool) -> bool:
        """Accept a job; False when it is a duplicate that is not wanted. Raises `UnfitArgumentsError`."""
        row = table.row_of(call, time.time())
        if call.deduplicate and self.is_active(call.id):
            return False
        database = current().get("db")
        if after_commit and database is not None:
            database.before_commit.add(lambda: table.insert(database, row, deduplicate=call.deduplicate))
            database.after_commit.add(lambda: self._hand_over(call))
            return True
        try:
            push(self.config, self.sites_path, self.site, call)
        except LOST as error:
            log.warning("%s waits in the database until Redis is back: %s", call.id, error)
            with own_connection(self.config, self.sites_path, self.site) as connection:
                return table.insert(connection, row, deduplicate=call.deduplicate)
        return True

    def _hand_over(self, call: JobCall) -> None:
        try:
            push(self.config, self.sites_path, self.site, call)
        except LOST as error:
            log.warning("%s waits in the database until Redis is back: %s", call.id, error)

    def is_active(self, job_id: str) -> bool:
        """Tell whether a job of that id waits or runs."""
        if table.is_active(current().db, job_id):
            return True
        job = fetch(self.config, job_id)
        return job is not None and job.get_status() in ("queued", "started", "deferred", "scheduled")


def push(config: Mapping[str, Any], sites_path: str, site: str, call: JobCall) -> Any:
    """Hand a job to RQ."""
    return rq_queue(config, sites_path, call.queue).enqueue_call(
        EXECUTE_PATH,
        kwargs={
            "site": site,
            "user": call.user,
            "method": call.method,
            "event": call.event,
            "job_name": call.title,
            "is_async": True,
            "kwargs": dict(call.arguments),
            **({"on_success": call.on_success} if call.on_success else {}),
            **({"on_failure": call.on_failure} if call.on_failure else {}),
        },
        timeout=call.timeout_s,
        job_id=rq_id(call.id),
        at_front=call.at_front,
        result_ttl=RESULT_KEPT_S,
        failure_ttl=FAILURE_KEPT_S,
        retry=Retry(max=MOST_DEATHS),
    )


def fetch(config: Mapping[str, Any], job_id: str) -> Any | None:
    """Give RQ's job of an id, None when there is none."""
    try:
        return Job.fetch(rq_id(job_id), connection=redis_connection(config))
    except NoSuchJobError:
        return None


def redeliver(now: float) -> int:
    """Hand jobs of the connected site over that wait in its database and are not on Redis; gives their number.

    Removes marks of finished jobs that nothing can repeat any more. Commits.
    """
    context = current()
    count = 0
    for row in table.waiting_since(context.db, now - UNDELIVERED_AFTER_S):
        if fetch(context.conf, row.id) is None:
            push(context.conf, context.sites_path, str(context.site), call_of(row))
            count += 1
    table.expire(context.db, now, MARKS_KEPT_S)
    context.db.commit()
    return count


def call_of(row: table.StoredJob) -> JobCall:
    """Give the call that a stored job asks for."""
    method, arguments, on_success, on_failure = unpack(row.payload)
    return JobCall(
        id=row.id,
        method=method,
        arguments=arguments,
        queue=row.queue,
        user=row.user,
        timeout_s=row.timeout,
        job_name=row.job_name,
        event=row.event,
        at_front=row.priority < 0,
        on_success=on_success,
        on_failure=on_failure,
    )


# questions


def list_jobs(statuses: Sequence[str], queue: str | None, limit: int) -> list[JobView]:
    """Give the site's jobs, the newest first."""
    context = current()
    found: list[JobView] = []
    for rq in all_queues(context.conf, context.sites_path, [queue] if queue else ()):
        ids = [job_id for job_id in _ids(rq, statuses) if own_id(job_id).startswith(f"{context.site}{SEPARATOR}")]
        jobs = Job.fetch_many(ids, connection=redis_connection(context.conf))
        found += [view_of(job) for job in jobs if job is not None]
    known = {view.id for view in found}
    if not statuses or "queued" in statuses:
        rows = table.jobs(context.db, statuses=["queued"], queue=queue)
        found += [JobView.of_row(row) for row in rows if row.id not in known]
    wanted = [view for view in found if not statuses or view.status in statuses]
    return sorted(wanted, key=lambda view: str(view.created_at), reverse=True)[:limit]


def _ids(rq: Any, statuses: Sequence[str]) -> list[str]:
    registries = {
        "started": StartedJobRegistry,
        "failed": FailedJobRegistry,
        "finished": FinishedJobRegistry,
        "scheduled": ScheduledJobRegistry,
    }
    ids = list(rq.get_job_ids()) if not statuses or "queued" in statuses else []
    for status, registry in registries.items():
        if not statuses or status in statuses:
            ids += [job_id.split(":execution")[0] for job_id in registry(queue=rq).get_job_ids()]
    return list(dict.fromkeys(ids))


def find_job(job_id: str) -> JobView | None:
    """Give a job of the site by its id."""
    context = current()
    job = fetch(context.conf, job_id)
    if job is not None:
        return view_of(job)
    row = table.by_id(context.db, job_id)
    return None if row is None else JobView.of_row(row)


def view_of(job: Any) -> JobView:
    """Give RQ's job as one of ours."""
    given = job.kwargs or {}
    method = given.get("method") or job.func_name
    return JobView(
        id=own_id(job.id),
        queue=str(job.origin).rsplit(":", 1)[-1],
        method=method_name(method),
        job_name=str(given.get("job_name") or method_name(method)),
        user=str(given.get("user") or ""),
        timeout=int(job.timeout or 0),
        status=str(getattr(job.get_status(), "value", job.get_status())),
        kwargs=given.get("kwargs") or {},
        event=given.get("event"),
        created_at=_site_time(job.created_at),
        started_at=_site_time(job.started_at),
        ended_at=_site_time(job.ended_at),
        exc_info=_why(job),
    )


def _why(job: Any) -> str | None:
    result = job.latest_result()
    return getattr(result, "exc_string", None) if result is not None else None


def _site_time(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(zone(get_system_timezone())).replace(tzinfo=None)


def workers() -> list[Any]:
    """Give RQ's workers of this bench."""
    prefix = f"{queues.bench_id(current().conf, current().sites_path)}:"
    every = Worker.all(connection=redis_connection(current().conf))
    return [worker for worker in every if any(name.startswith(prefix) for name in worker.queue_names())]


def remove_jobs(*, status: str | None = None, queue: str | None = None, job_id: str | None = None) -> int:
    """Remove jobs of the site that are not being done; gives their number."""
    views = list_jobs([status] if status else [], queue, 100_000)
    count = 0
    for view in views:
        if view.status == "started" or (job_id and view.id != job_id):
            continue
        job = fetch(current().conf, view.id)
        if job is not None:
            job.delete()
        table.forget_queued(current().db, view.id)
        count += 1
    return count


def requeue(job_id: str) -> bool:
    """Let a failed job run again."""
    job = fetch(current().conf, job_id)
    if job is None or not job.is_failed:
        return False
    job.retries_left = MOST_DEATHS
    job.save()
    job.requeue()
    return True


def stop(job_id: str) -> None:
    """Stop a job that is being done."""
    from rq.command import send_stop_job_command  # one word of RQ's

    send_stop_job_command(redis_connection(current().conf), rq_id(job_id))


# workers


class Completion:
    """The hold on a job that RQ runs; see `execute.Attempt`. RQ keeps others away, the database has the last word."""

    def __init__(self, job_id: str, name: str, queue: str) -> None:
        self.job_id, self.name, self.queue = job_id, name, queue
        self.running = False
        self.error: Exception | None = None
        self.tries = 0

    def hold(self, database: Any) -> bool:
        """Tell whether nobody else has finished the job."""
        return not table.was_finished(database, self.job_id)

    def finish(self, database: Any) -> bool:
        """Write down that the job is done; False when another run of it was faster."""
        return table.mark_finished(database, self.job_id, self.name, self.queue, time.time())

    def fail(self, database: Any, error: Exception) -> bool:
        """Forget the copy that was kept of it; RQ keeps the job among the failed ones."""
        table.forget_queued(database, self.job_id)
        self.error = error
        return True

    def again(self, database: Any) -> bool:
        """Ask for another run, a few times."""
        self.tries += 1
        return self.tries <= MOST_RETRIES

    def give_back(self, database: Any) -> None:
        """RQ itself runs it again when its worker has ended."""


class QuickWorker(Worker):
    """RQ's worker; when it dies, that is noticed within half a minute, and what it had just taken is given back in two."""

    queue_class = TakingQueue

    @property
    def dequeue_timeout(self) -> int:
        """Give the seconds to wait for a job: rounds of maintenance come between, where nothing else does."""
        return LONGEST_WAIT_S

    def prepare_job_execution(self, job: Any, remove_from_intermediate_queue: bool = False) -> None:
        """Write down that a job begins; it is no longer among those just taken, whatever queue it came from."""
        prepare: Any = super()
        prepare.prepare_job_execution(job, remove_from_intermediate_queue=True)

    def get_heartbeat_ttl(self, job: Any, working_time: float = 0.0) -> int:
        """Give the seconds after which a worker that is not heard of counts as gone."""
        return int(self.job_monitoring_interval * 3)

    def clean_registries(self) -> None:
        """Take back jobs of workers that are gone, also where one of them died while it did this."""
        for queue in self.queues:
            key = queue.registry_cleaning_key
            if self.connection.ttl(key) > LONGEST_ROUND_S:
                self.connection.expire(key, LONGEST_ROUND_S)
        rounds: Any = super()  # RQ says nothing of this method's types
        rounds.clean_registries()


def run_current(work: Work, surroundings: Surroundings) -> None:
    """Run the job that RQ has given to this process. Raises what the job raised, for RQ's list of failed jobs."""
    job = get_current_job()
    completion = Completion(work.id, work.name, work.queue)
    signal.setitimer(signal.ITIMER_REAL, 0)  # RQ's alarm could strike within the last commit; ours can't
    with surroundings.enter(work.site, work.user) as context:
        if table.was_finished(context.db, work.id):
            return
    while (end := perform(work, completion, surroundings)) is End.AGAIN:
        time.sleep(completion.tries)
    if end is End.FAILED and completion.error is not None:
        if job is not None:
            job.retries_left = 0  # retries are for workers that died, not for jobs that fail
        raise completion.error


def work_for(
    site: str, method: Any, job_name: str | None, arguments: Mapping[str, Any], user: str | None, **callbacks: Any
) -> Work:
    """Give what RQ's present job asks for."""
    job = get_current_job()
    return Work(
        site=site,
        id=own_id(job.id) if job is not None else f"{site}{SEPARATOR}{uuid4()}",
        user=user or "Administrator",
        method=method,
        arguments=arguments,
        title=job_name or method_name(method),
        name=method_name(method),
        timeout_s=float(job.timeout or 0) if job is not None else 0.0,
        queue=str(job.origin).rsplit(":", 1)[-1] if job is not None else "",
        **callbacks,
    )


def worker_name(number: int = 0) -> str:
    """Give a name for a worker that no other one has."""
    return f"{os.uname().nodename}-{os.getpid()}-{number}-{int(time.time() * 1000)}"


def clean_abandoned(config: Mapping[str, Any], sites_path: str) -> None:
    """Take back the jobs of workers that are gone."""
    for rq in all_queues(config, sites_path):
        StartedJobRegistry(queue=rq).cleanup()
