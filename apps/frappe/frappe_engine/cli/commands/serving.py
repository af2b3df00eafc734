"""Commands that serve: the web server, workers, the scheduler.

Invariant: each runs until it is asked to stop by SIGTERM or SIGINT, and then ends by itself.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from importlib import import_module
from typing import Any

import click

from frappe_engine.cli.context import one_site
from frappe_engine.cli.sites import get_sites
from frappe_engine.cli.working import redis_configured, run_redis_workers, run_workers, say_now, surroundings
from frappe_engine.jobs.realtime import publish_realtime
from frappe_engine.jobs.scheduler import Scheduler


@click.command("serve")
@click.option("--port", type=int, default=None, help="The port to listen on (webserver_port of the configuration).")
@click.option("--profile", is_flag=True, help="Say for each request where the time went.")
@click.option("--proxy", is_flag=True, help="Believe the headers of a proxy in front.")
@click.option("--noreload", is_flag=True, help="Don't restart when code changes (which is done with DEV_SERVER only).")
@click.option("--nothreading", is_flag=True, help="One request at a time.")
@click.option("--with-coverage", is_flag=True, help="Accepted; start it under coverage yourself.")
@click.pass_context
def serve(
    ctx: click.Context,
    port: int | None,
    profile: bool,
    proxy: bool,
    noreload: bool,
    nothreading: bool,
    with_coverage: bool,
) -> None:
    """Serve the bench's sites."""
    if profile or (ctx.obj or {}).get("profile"):
        site = next(iter((ctx.obj or {}).get("sites") or []), None)
        import_module("frappe.app").serve(port=port or 8000, profile=True, no_reload=noreload, site=site, proxy=proxy)
        return
    environment = {
        "EC_SERVE_PORT": str(port or ""),
        "EC_SERVE_RELOAD": "1" if os.environ.get("DEV_SERVER") and not noreload else "",
        "EC_SERVE_NO_THREADS": "1" if nothreading else "",
        "USE_PROXY": "1" if proxy else os.environ.get("USE_PROXY", ""),
    }
    os.environ.update(environment)
    sys.stdout.flush()
    words = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:frappe_engine.cli.gunicorn_config",
        "frappe.app:application",
    ]
    os.execv(sys.executable, words)


@click.command("worker")
@click.option("--queue", help="Queues to work on, in this order (comma separated); all by default.")
@click.option("--quiet", is_flag=True, help="Don't tell of each job.")
@click.option("-u", "--rq-username", help="User of Redis (part of redis_queue's URL here).")
@click.option("-p", "--rq-password", help="Password of Redis (part of redis_queue's URL here).")
@click.option("--burst", is_flag=True, help="End when nothing waits.")
@click.option(
    "--strategy", type=click.Choice(["round_robin", "random"]), help="Accepted; queues are taken in their order."
)
def worker(queue: str | None, quiet: bool, burst: bool, **_given: Any) -> None:
    """Work on background jobs."""
    sys.exit(start_workers(queue, 1, quiet=quiet, burst=burst))


@click.command("worker-pool")
@click.option("--queue", help="Queues to work on, in this order (comma separated); all by default.")
@click.option("--num-workers", type=click.IntRange(min=1), default=2, help="How many workers.")
@click.option("--quiet", is_flag=True, help="Don't tell of each job.")
@click.option("--burst", is_flag=True, help="End when nothing waits.")
def worker_pool(queue: str | None, num_workers: int, quiet: bool, burst: bool) -> None:
    """Work on background jobs with several workers."""
    sys.exit(start_workers(queue, num_workers, quiet=quiet, burst=burst))


def start_workers(queue: str | None, number: int, *, quiet: bool, burst: bool) -> int:
    """Run workers of the bench's kind; gives the exit status."""
    queues = [name.strip() for name in (queue or "").split(",") if name.strip()]
    run = run_redis_workers if redis_configured() else run_workers
    say_now(f"Working on {', '.join(queues) or 'all queues'} ({'RQ on Redis' if redis_configured() else 'embedded'})")
    return run(queues, burst=burst, quiet=quiet, number=number, say=say_now)


@click.command("schedule")
def schedule() -> None:
    """Start scheduled jobs when they are due."""
    scheduler = Scheduler(surroundings(), get_sites, say=say_now)

    def stop(_number: int, _frame: object) -> None:
        scheduler.stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    say_now("Scheduling")
    scheduler.run()


@click.command("publish-realtime")
@click.argument("event")
@click.option("--message", help="The message, JSON or text.")
@click.option("--room", help="The room.")
@click.option("--user", help="The user.")
@click.option("--doctype", help="The document's DocType.")
@click.option("--docname", help="The document's name.")
@click.option("--after-commit", is_flag=True, help="Accepted; a command commits at once.")
@one_site
def publish(event: str, message: str | None, after_commit: bool, **rooms: str | None) -> None:
    """Send an event to open browsers."""
    try:
        content = json.loads(message) if message else None
    except json.JSONDecodeError:
        content = message
    publish_realtime(event, content, after_commit=after_commit, **rooms)


commands = [serve, worker, worker_pool, schedule, publish]
