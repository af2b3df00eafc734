"""The worker of the embedded mode: takes jobs from the tables of all sites of a bench and runs them one after another.

It sleeps until somebody calls on the bus, and looks by itself every second. A helper thread extends the lease of a job
that takes long. `Worker.run` ends when asked to by SIGTERM or SIGINT, in burst mode when nothing waits.

Invariant: a worker holds at most one job; killed at any moment, its job is done by another one.
"""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from frappe_engine.context.config import get_site_config
from frappe_engine.database.database import driver_for
from frappe_engine.database.transaction import Connection, Pool
from frappe_engine.jobs import bus, processes, table
from frappe_engine.jobs.backends import BUS_KIND, uses_redis
from frappe_engine.jobs.calls import unpack
from frappe_engine.jobs.execute import End, LostJobError, Surroundings, Work, WorkerStoppedError, perform, text_of
from frappe_engine.jobs.queues import names as queue_names

LOOK_EVERY_S = 1.0
HEARTBEAT_S = 15.0
SWEEP_EVERY_S = 5.0
EXPIRE_EVERY_S = 60.0
SITES_EVERY_S = 5.0
LONGEST_RETRY_DELAY_S = 60.0
MOST_RETRIES = 5
STOP_GRACE_S = 4.0
KNOCK_EVERY_S = 0.2
RECYCLE_AFTER_JOBS = 5000
RECYCLE_ABOVE_KIB = 600 * 1024


@dataclass
class SiteQueue:
    """The jobs of one site, over a connection apart from those of the jobs."""

    site: str
    connection: Connection
    queues: list[str]

    @classmethod
    def open(cls, sites_path: str, site: str, config: Mapping[str, Any], queues: Sequence[str]) -> SiteQueue:
        """Connect to a site's jobs."""
        connection = Connection(Pool(driver_for(config, sites_path, site)))
        if connection.is_sqlite:
            # Taking a job needs no disk flush: the flush of the job's own commit covers it, and without that the job is done again.
            connection.raw.execute("PRAGMA synchronous=NORMAL")
        return cls(site, connection, list(queues) or queue_names(config))


@dataclass
class Held:
    """A job this worker holds; see `execute.Attempt`."""

    job: table.StoredJob
    token: str
    clock: Callable[[], float] = time.time
    taken_at: float = field(default_factory=time.monotonic)
    running: bool = False

    def hold(self, database: Any) -> bool:
        """Extend the lease; False when it was lost."""
        return table.renew(database, self.job.seq, self.token, self.clock())

    def finish(self, database: Any) -> bool:
        """Mark the job as done; False when it was lost."""
        return table.finish(database, self.job.seq, self.token, self.clock())

    def fail(self, database: Any, error: Exception) -> bool:
        """Mark the job as failed."""
        return table.fail(database, self.job.seq, self.token, text_of(error), self.clock())

    def again(self, database: Any) -> bool:
        """Let the job be tried again after a pause that grows; False when it was tried often enough."""
        if self.job.retries >= MOST_RETRIES:
            return False
        pause_s = min(self.job.retries + 1.0, LONGEST_RETRY_DELAY_S)
        return table.put_back(database, self.job.seq, self.token, self.clock() + pause_s, retries=1, attempts=1)

    def give_back(self, database: Any) -> None:
        """Let another worker do it, at once."""
        table.put_back(database, self.job.seq, self.token, self.clock(), attempts=1)


class Worker:
    """Takes jobs and runs them."""

    def __init__(
        self,
        surroundings: Surroundings,
        list_sites: Callable[[], Sequence[str]],
        *,
        sites_path: str = ".",
        queues: Sequence[str] = (),
        burst: bool = False,
        stop_grace_s: float = STOP_GRACE_S,
        say: Callable[[str], None] = lambda _text: None,
        on_job: Callable[[float | None], None] = lambda _deadline: None,
    ) -> None:
        self.surroundings, self.list_sites, self.sites_path = surroundings, list_sites, sites_path
        self.queues, self.burst, self.stop_grace_s, self.say = list(queues), burst, stop_grace_s, say
        self.on_job = on_job
        self.name = processes.own_name()
        self.done = {end: 0 for end in End}
        self.stopping = False
        self.asked = False
        self._stop_job_at = 0.0
        self._over = threading.Event()
        self._knocking: threading.Thread | None = None
        self._open: dict[str, SiteQueue] = {}
        self._next: dict[str, float] = {}
        self._held: tuple[SiteQueue, Held] | None = None
        self._turn = 0

    # life

    def run(self) -> int:
        """Work until asked to stop, or (burst) until nothing waits; give the number of jobs that were run."""
        before = {number: signal.signal(number, self._asked_to_stop) for number in (signal.SIGTERM, signal.SIGINT)}
        beat = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        beat.start()
        try:
            with bus.Listener(self.sites_path, BUS_KIND) as listener:
                while not self.stopping and not self._worn_out():
                    if self._work_once() or self.stopping:
                        continue
                    if self.burst:
                        break
                    self._wait(listener)
        except WorkerStoppedError:
            self.say("The job was given back: another worker will do it")
        finally:
            self.stopping = True
            self._over.set()
            if self._knocking is not None:
                self._knocking.join()
            for number, handler in before.items():
                signal.signal(number, handler)
            for queue in self._open.values():
                queue.connection.close()
        return sum(self.done.values())

    def _asked_to_stop(self, _number: int, _frame: object) -> None:
        if not self.stopping:
            self.stopping = self.asked = True
            self._stop_job_at = time.monotonic() + self.stop_grace_s
            self._knocking = threading.Thread(target=self._knock, name="stop", daemon=True)
            self._knocking.start()
        held = self._held[1] if self._held else None
        if held is not None and held.running and time.monotonic() >= self._stop_job_at:
            self._stop_job_at = time.monotonic() + self.stop_grace_s  # for what the job does on its way out
            raise WorkerStoppedError

    def _knock(self) -> None:
        """Ask again until the worker ends: when the grace is over its job may be just taken, or just about to begin."""
        while not self._over.wait(max(self._stop_job_at - time.monotonic(), KNOCK_EVERY_S)):
            os.kill(os.getpid(), signal.SIGTERM)

    def _wait(self, listener: bus.Listener) -> None:
        with suppress(InterruptedError):
            if select.select([listener], [], [], LOOK_EVERY_S)[0]:
                listener.receive()

    def _worn_out(self) -> bool:
        """A process that ran very many jobs or grew makes room for a fresh one."""
        count = sum(self.done.values())
        if count >= RECYCLE_AFTER_JOBS:
            return True
        return count % 100 == 99 and _resident_kib() > RECYCLE_ABOVE_KIB

    # taking

    def _work_once(self) -> bool:
        """Run one job, if one waits; sites take turns."""
        queues = self._site_queues()
        for number in range(len(queues)):
            queue = queues[(self._turn + number) % len(queues)]
            held = self._take(queue)
            if held is not None:
                self._turn = (self._turn + number + 1) % len(queues)
                self._run(queue, held)
                return True
        return False

    def _site_queues(self) -> list[SiteQueue]:
        if self._is_due("sites", SITES_EVERY_S):
            wanted = {site: get_site_config(self.sites_path, site) for site in self.list_sites()}
            usable = {
                site: config
                for site, config in wanted.items()
                if not uses_redis(config) and not config.get("maintenance_mode") and config.get("db_name")
            }
            for site in [site for site in self._open if site not in usable]:
                self._open.pop(site).connection.close()
            for site, config in usable.items():
                if site not in self._open:
                    self._try_open(site, config)
        return list(self._open.values())

    def _try_open(self, site: str, config: Mapping[str, Any]) -> None:
        try:
            queue = SiteQueue.open(self.sites_path, site, config, self.queues)
            queue.connection.row("SELECT 1 FROM `__jobs` LIMIT 1")
        except Exception as error:  # noqa: BLE001 - a site that is being made, or whose server is down, is tried again
            self.say(f"{site} has no jobs to offer yet: {error}")
        else:
            self._open[site] = queue

    def _is_due(self, what: str, every_s: float) -> bool:
        now = time.monotonic()
        if now < self._next.get(what, 0.0):
            return False
        self._next[what] = now + every_s
        return True

    def _take(self, queue: SiteQueue) -> Held | None:
        database = queue.connection
        try:
            if self._is_due(f"sweep {queue.site}", SWEEP_EVERY_S):
                self._sweep(queue)
            while (job := table.next_job(database, queue.queues, time.time())) is not None:
                token = table.take(database, job, self.name, time.time())
                database.commit()
                if token is not None:
                    return Held(job, token)
            database.rollback()
        except Exception as error:  # noqa: BLE001 - one site's database must not stop the work for all others
            self._forget(queue, error)
        return None

    def _forget(self, queue: SiteQueue, error: Exception) -> None:
        self.say(f"{queue.site} can't be asked for jobs now: {error}")
        with suppress(Exception):
            queue.connection.close()
        self._open.pop(queue.site, None)

    def _sweep(self, queue: SiteQueue) -> None:
        """Take back the jobs of workers that are gone, and remove what nobody looks at any more."""
        database, now = queue.connection, time.time()
        for seq, worker, token, lease, attempts in table.started_jobs(database):
            if lease is not None and lease > now and not processes.is_gone(worker):
                continue
            if attempts >= table.MOST_ATTEMPTS:
                table.fail(
                    database, seq, token, f"{attempts} workers died while they ran this job; the last was {worker}", now
                )
            else:
                table.put_back(database, seq, token, now)
        if self._is_due(f"expire {queue.site}", EXPIRE_EVERY_S):
            table.expire(database, now)
        database.commit()

    # running

    def _run(self, queue: SiteQueue, held: Held) -> None:
        job = held.job
        self._held = (queue, held)
        self.on_job(time.time() + job.timeout)
        began = time.monotonic()
        try:
            work = work_of(queue.site, job)
            end = perform(work, held, self.surroundings)
        except LostJobError:
            end = End.LOST
        except WorkerStoppedError:
            self.done[End.STOPPED] += 1
            raise
        except Exception as error:  # noqa: BLE001 - what can't even be begun has failed
            end = self._fail_unread(queue, held, error)
        finally:
            self._held = None
            self.on_job(None)
        self.done[end] += 1
        self.say(
            f"{queue.site} {job.queue}: {job.job_name} ({job.id}) {end.value} after {time.monotonic() - began:.3f} s"
        )

    def _fail_unread(self, queue: SiteQueue, held: Held, error: Exception) -> End:
        held.fail(queue.connection, error)
        queue.connection.commit()
        return End.FAILED

    def _beat(self) -> None:
        """Extend the lease of a job that takes long, over a connection of its own that never waits for a lock."""
        while not self.stopping:
            time.sleep(1.0)
            held_now = self._held
            if held_now is None or time.monotonic() - held_now[1].taken_at < HEARTBEAT_S:
                continue
            queue, held = held_now
            held.taken_at = time.monotonic()
            with suppress(Exception):  # a lock in the way: the next beat comes before the lease ends
                extend_lease(queue, held)


def work_of(site: str, job: table.StoredJob) -> Work:
    """Give what a stored job asks for."""
    method, arguments, on_success, on_failure = unpack(job.payload)
    return Work(
        site=site,
        id=job.id,
        user=job.user,
        method=method,
        arguments=arguments,
        title=job.job_name,
        name=job.method,
        timeout_s=job.timeout,
        queue=job.queue,
        on_success=on_success,
        on_failure=on_failure,
    )


def extend_lease(queue: SiteQueue, held: Held) -> None:
    """Extend the lease of a job over a new connection; raises when the database is locked."""
    raw = queue.connection.driver.open()
    try:
        if queue.connection.is_sqlite:
            raw.execute("PRAGMA busy_timeout=0")
        raw.cursor().execute(
            "UPDATE `__jobs` SET `lease` = ? WHERE `seq` = ? AND `token` = ?",
            (held.clock() + table.LEASE_S, held.job.seq, held.token),
        )
        raw.commit()
    finally:
        raw.close()


def _resident_kib() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
