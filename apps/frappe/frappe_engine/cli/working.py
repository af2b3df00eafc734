"""What workers and the scheduler are given: entering a site for a job, keeping its errors; starting the processes.

Invariant: a worker process opens nothing before it is forked off its parent.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click

from frappe_engine.cli.sites import get_sites
from frappe_engine.context.config import get_site_config
from frappe_engine.context.local import Context, current, use_context
from frappe_engine.documents.errors import log_error
from frappe_engine.documents.site import connect, destroy, init, set_user
from frappe_engine.jobs.execute import Surroundings
from frappe_engine.jobs.supervisor import Deadline, Supervisor
from frappe_engine.jobs.worker import STOP_GRACE_S, Worker


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
