"""Scheduled jobs: from the apps' hooks to documents `Scheduled Job Type`, and from those to jobs on the queues.

Invariant: a moment gives one job, even with several schedulers: that the job is accepted and when it is due next are one
transaction, conditional on the moment read. What was missed while nobody scheduled is caught up once, not as often.
"""

from __future__ import annotations

import fcntl
import os
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from frappe_engine.context.clock import now_datetime
from frappe_engine.context.config import get_site_config
from frappe_engine.context.hooks import get_attr, get_hooks
from frappe_engine.context.local import current, providers
from frappe_engine.context.settings import system_setting
from frappe_engine.jobs.enqueue import enqueue
from frappe_engine.jobs.execute import Surroundings
from frappe_engine.jobs.schedule import (
    ALL,
    DEFAULT_INTERVAL_S,
    WantedJob,
    expression_for,
    next_moment,
    queue_for,
    wanted_jobs,
)

TICK_S = 60.0
RUN_PATH = "frappe_engine.jobs.scheduler.run_scheduled_job"
DOCTYPE = "Scheduled Job Type"
LOCK = ".scheduler.lock"
FIELDS = ("name", "method", "frequency", "cron_format", "creation", "last_execution", "next_execution", "server_script")


# from hooks to documents


def sync_jobs() -> dict[str, int]:
    """Bring the site's scheduled jobs in line with the hooks of its apps; gives how many were added, changed, removed."""
    database = current().db
    wanted = {(job.method, job.frequency): job for job in wanted_jobs(get_hooks("scheduler_events", {}))}
    rows = database.rows(
        "SELECT `name`, `method`, `frequency`, `cron_format` FROM `tabScheduled Job Type`"
        " WHERE `server_script` IS NULL OR `server_script` = ''"
    )
    stored = {(method, frequency): (name, cron or "") for name, method, frequency, cron in rows}
    gone = [stored[key][0] for key in stored if key not in wanted]
    database.write_many("DELETE FROM `tabScheduled Job Type` WHERE `name` = ?", [(name,) for name in gone])
    changed = [
        (job.cron_format, stored[key][0])
        for key, job in wanted.items()
        if key in stored and stored[key][1] != job.cron_format
    ]
    database.write_many(
        "UPDATE `tabScheduled Job Type` SET `cron_format` = ?, `next_execution` = NULL WHERE `name` = ?", changed
    )
    new = [job for key, job in wanted.items() if key not in stored]
    taken = {row[0].lower() for row in database.rows("SELECT `name` FROM `tabScheduled Job Type`")}
    moment = now_datetime()
    database.bulk_insert(DOCTYPE, _NEW_COLUMNS, [_new_row(job, moment, taken) for job in new])
    return {"added": len(new), "changed": len(changed), "removed": len(gone)}


_NEW_COLUMNS = (
    *("name", "creation", "modified", "owner", "modified_by", "docstatus", "idx"),
    *("method", "frequency", "cron_format", "create_log", "stopped"),
)


def _new_row(job: WantedJob, moment: datetime, taken: set[str]) -> tuple[Any, ...]:
    name = free_name(job, taken)
    taken.add(name.lower())
    logged = int(job.frequency != ALL)
    return (
        name,
        moment,
        moment,
        "Administrator",
        "Administrator",
        0,
        0,
        job.method,
        job.frequency,
        job.cron_format,
        logged,
        0,
    )


def free_name(job: WantedJob, taken: set[str]) -> str:
    """Give a name for a scheduled job: the last two parts of its method, or more where that is taken."""
    parts = job.method.split(".")
    candidates = [
        ".".join(parts[-2:]),
        job.method,
        f"{job.method} ({job.frequency})",
        f"{job.method} {job.cron_format}",
    ]
    for candidate in candidates:
        if candidate.lower() not in taken:
            return candidate
    return f"{job.method} {uuid4().hex[:8]}"


# from documents to jobs


def enqueue_due(moment: datetime | None = None) -> list[str]:
    """Accept the jobs of the connected site that are due; gives their names. Commits each."""
    now = moment or now_datetime()
    database = current().db
    columns = ", ".join(f"`{name}`" for name in FIELDS)
    rows = database.rows(
        f"SELECT {columns} FROM `tabScheduled Job Type` WHERE `stopped` = 0 AND (`next_execution` IS NULL OR `next_execution` <= ?)",
        (now,),
    )
    started = []
    for row in rows:
        job = dict(zip(FIELDS, row, strict=True))
        if _start_if_due(database, job, now):
            started.append(str(job["name"]))
    return started


def _start_if_due(database: Any, job: Mapping[str, Any], now: datetime) -> bool:
    expression = _expression(job)
    known = job["next_execution"]
    due = known or next_moment(expression, job["last_execution"] or job["creation"])
    following = due if due > now else next_moment(expression, now)
    changed = database.write(
        "UPDATE `tabScheduled Job Type` SET `next_execution` = ? WHERE `name` = ?"
        " AND (`next_execution` = ? OR (`next_execution` IS NULL AND ? IS NULL))",
        (following, job["name"], known, known),
    )
    if changed.rowcount == 1 and due <= now:
        start(job)
    database.commit()
    return bool(changed.rowcount == 1 and due <= now)


def following_moment(job: Mapping[str, Any], after: datetime) -> datetime:
    """Give the first moment at which a scheduled job is due after another one (the site's time)."""
    return next_moment(_expression(job), after)


def _expression(job: Mapping[str, Any]) -> str:
    context = current()
    interval_s = int(context.conf.get("scheduler_interval") or DEFAULT_INTERVAL_S)
    return expression_for(
        str(job["frequency"]),
        str(job["cron_format"] or ""),
        key=f"{context.site}|{job['method']}",
        interval_s=interval_s,
    )


def job_id_of(job: Mapping[str, Any]) -> str:
    """Give the id under which runs of a scheduled job are accepted, one at a time: of its method, else of its script."""
    return f"scheduled_job::{job['name'] if job.get('server_script') else job['method']}"


def start(job: Mapping[str, Any]) -> Any:
    """Accept a run of a scheduled job with the present transaction, unless one waits or runs."""
    return enqueue(
        RUN_PATH,
        queue=queue_for(str(job["frequency"])),
        job_name=str(job["method"] or job["server_script"]),
        job_id=job_id_of(job),
        deduplicate=True,
        enqueue_after_commit=True,
        name=job["name"],
    )


def run_scheduled_job(name: str) -> None:
    """Run a scheduled job and log how it went. Raises what the job raised, after that was logged."""
    database = current().db
    columns = ", ".join(f"`{field}`" for field in (*FIELDS, "create_log"))
    row = database.row(f"SELECT {columns} FROM `tabScheduled Job Type` WHERE `name` = ?", (name,))
    if row is None:
        return  # its app was updated or uninstalled meanwhile
    job = dict(zip((*FIELDS, "create_log"), row, strict=True))
    try:
        if job["server_script"]:
            providers("run_scheduled_script", job["server_script"])
        else:
            get_attr(str(job["method"]))()
    except Exception:
        database.rollback()
        _note_run(database, job, "Failed", traceback.format_exc())
        database.commit()
        raise
    _note_run(database, job, "Complete")


def _note_run(database: Any, job: Mapping[str, Any], status: str, details: str | None = None) -> None:
    moment = now_datetime()
    database.write("UPDATE `tabScheduled Job Type` SET `last_execution` = ? WHERE `name` = ?", (moment, job["name"]))
    if not job["create_log"] and status == "Complete":
        return
    columns = (
        "name",
        "creation",
        "modified",
        "owner",
        "modified_by",
        "docstatus",
        "idx",
        "scheduled_job_type",
        "status",
        "details",
    )
    row = (uuid4().hex[:10], moment, moment, "Administrator", "Administrator", 0, 0, job["name"], status, details)
    database.bulk_insert("Scheduled Job Log", columns, [row])


# whether the site's scheduler runs


def is_disabled() -> bool:
    """Tell whether the connected site's scheduler is switched off."""
    if current().conf.get("disable_scheduler"):
        return True
    return str(system_setting("enable_scheduler", 1)) in ("0", "False")


def why_inactive() -> str | None:
    """Say why the connected site's scheduler does not run, None when it does."""
    config = current().conf
    if config.get("maintenance_mode"):
        return "maintenance mode is on"
    if config.get("pause_scheduler"):
        return "the scheduler is paused"
    return "the scheduler is disabled" if is_disabled() else None


def set_enabled(enabled: bool) -> None:
    """Switch the connected site's scheduler on or off."""
    current().db.set_value("System Settings", "System Settings", "enable_scheduler", int(enabled))
    current().system_settings = None


# the process


class Scheduler:
    """Looks at all sites of a bench once a minute. Only one scheduler of a bench is at work, others stand by."""

    def __init__(
        self,
        surroundings: Surroundings,
        list_sites: Callable[[], Sequence[str]],
        *,
        sites_path: str = ".",
        tick_s: float = TICK_S,
        say: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self.surroundings, self.list_sites, self.sites_path = surroundings, list_sites, sites_path
        self.tick_s, self.say = tick_s, say
        self.stopping = False
        self._lock: Any = None

    def run(self) -> None:
        """Schedule until `stopping` is set."""
        while not self.stopping:
            began = time.monotonic()
            if self.holds_lock():
                self.tick()
            while not self.stopping and time.monotonic() - began < self.tick_s:
                time.sleep(min(0.5, self.tick_s))

    def holds_lock(self) -> bool:
        """Tell whether this is the scheduler at work; it becomes so when nobody else is."""
        if self._lock is None:
            descriptor = os.open(os.path.join(self.sites_path, LOCK), os.O_CREAT | os.O_RDWR, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                return False
            self._lock = descriptor
        return True

    def release(self) -> None:
        """Let another scheduler take over."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def tick(self) -> dict[str, list[str]]:
        """Accept the jobs that are due on all sites; gives their names by site."""
        started: dict[str, list[str]] = {}
        for site in self.list_sites():
            try:
                names = self._tick_site(site)
            except Exception as error:  # noqa: BLE001 - one site's trouble must not stop the others
                self.say(f"{site}: {type(error).__name__}: {error}")
                continue
            if names:
                started[site] = names
                self.say(f"{site}: {', '.join(names)}")
        return started

    def _tick_site(self, site: str) -> list[str]:
        config = get_site_config(self.sites_path, site)
        if config.get("maintenance_mode") or config.get("pause_scheduler"):
            return []
        with self.surroundings.enter(site, "Administrator"):
            redeliver(time.time())
            return [] if why_inactive() else enqueue_due()


def redeliver(now: float) -> None:
    """Hand jobs over to Redis that were accepted but never arrived there."""
    from frappe_engine.jobs.queries import on_redis  # one word of configuration

    if on_redis():
        from frappe_engine.jobs.redis_backend import (
            redeliver as hand_over,  # RQ is an extra, wanted by sites on Redis alone
        )

        hand_over(now)
