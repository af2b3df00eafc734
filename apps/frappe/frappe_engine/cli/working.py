"""What workers and the scheduler are given: entering a site for a job, keeping its errors; starting the processes.

Invariant: a worker process opens nothing before it is forked off its parent.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click

from frappe_engine.cli.sites import get_sites
from frappe_engine.context.config import get_site_config
from frappe_engine.context.local import Context, current, use_context
from frappe_engine.documents.errors import log_error
from frappe_engine.documents.site import connect, destroy, init, set_user
from frappe_engine.jobs.execute import Surroundings
from frappe_engine.jobs.supervisor import Deadline, Supervisor
from frappe_engine.jobs.worker import STOP_GRACE_S, Worker

# A job whose worker died between taking it from its queue and starting it is seen by the next round, and given back by the
# first one a minute later; RQ's own ten minutes between rounds are too long for people who wait.
MAINTENANCE_INTERVAL_S = 30
MONITORING_INTERVAL_S = 10


def surroundings(sites_path: str = ".") -> Surroundings:
    """Give what running a job takes from the layers above jobs."""

    @contextmanager
    def enter(site: str, user: str) -> Iterator[Context]:
        with use_context(Context()):
            init(site, sites_path, force=True)
            connect(set_admin_as_user=False)
            set_user(user or "Administrator")
            try:
                yield current()
            finally:
                destroy()

    return Surroundings(enter=enter, log_error=keep_error)


def keep_error(title: str, error: BaseException) -> None:
    """Keep an error in the Error Log of the current site; the caller commits."""
    try:
        raise error
    except type(error):
        log_error(title)


def run_workers(
    queues: Sequence[str],
    *,
    burst: bool,
    quiet: bool,
    number: int = 1,
    sites_path: str = ".",
    say: Callable[[str], None],
) -> int:
    """Run workers of the embedded mode until they are asked to stop; gives the exit status."""
    grace_s = float(get_site_config(sites_path).get("worker_stop_grace_s") or STOP_GRACE_S)

    def work(deadline: Deadline) -> bool:
        worker = Worker(
            surroundings(sites_path),
            lambda: get_sites(sites_path),
            sites_path=sites_path,
            queues=queues,
            burst=burst,
            stop_grace_s=grace_s,
            say=(lambda _text: None) if quiet else say,
            on_job=deadline.set,
        )
        worker.run()
        return not burst and not worker.asked

    return Supervisor(work, number, say).run()


def run_redis_job(
    site: str,
    method: Any,
    event: str | None,
    job_name: str | None,
    arguments: Mapping[str, Any],
    user: str | None,
    sites_path: str = ".",
    **callbacks: Any,
) -> None:
    """Run the job that RQ has given to this process; raises what the job raised."""
    from frappe_engine.jobs.redis_backend import (  # RQ is an extra, wanted by benches on Redis alone
        run_current,
        work_for,
    )

    run_current(work_for(site, method, job_name, arguments, user, **callbacks), surroundings(sites_path))


def run_redis_workers(
    queues: Sequence[str],
    *,
    burst: bool,
    quiet: bool,
    number: int = 1,
    sites_path: str = ".",
    say: Callable[[str], None],
) -> int:
    """Run RQ's workers until they are asked to stop; gives the exit status."""
    config = get_site_config(sites_path)

    def work(_deadline: Deadline) -> bool:
        from frappe_engine.jobs import redis_backend  # as above; connections are opened in the worker's own process

        redis_backend.clean_abandoned(config, sites_path)
        worker = redis_backend.QuickWorker(
            redis_backend.all_queues(config, sites_path, queues),
            connection=redis_backend.redis_connection(config),
            name=redis_backend.worker_name(),
            job_monitoring_interval=MONITORING_INTERVAL_S,
            maintenance_interval=MAINTENANCE_INTERVAL_S,
        )
        worker.work(burst=burst, logging_level="WARNING" if quiet else "INFO")
        return False

    return Supervisor(work, number, say).run()


def redis_configured(sites_path: str = ".") -> bool:
    """Tell whether the bench has its jobs on Redis."""
    return bool(get_site_config(sites_path).get("redis_queue"))


def flush() -> None:
    """Show at once what was said."""
    sys.stdout.flush()


def say_now(text: str) -> None:
    """Say something that must not wait in a buffer."""
    click.echo(text)
    flush()
