"""Commands that look at background work and switch the scheduler.

Invariant: looking changes nothing.
"""

from __future__ import annotations

import json
import os
from typing import Any

import click

from frappe_engine.cli.context import connection, each_site, get_site, pass_context, say
from frappe_engine.cli.pending import count_by_queue, purge
from frappe_engine.context.config import get_site_config, update_json_file
from frappe_engine.context.errors import SiteNotSpecifiedError
from frappe_engine.context.local import current
from frappe_engine.jobs import queries, queues, scheduler
from frappe_engine.jobs.schedule import frequency_of
from frappe_engine.jobs.worker_list import embedded_workers


@click.command("enable-scheduler")
@each_site
def enable() -> None:
    """Switch the scheduler on."""
    scheduler.set_enabled(True)
    say(f"Enabled for {current().site}")


@click.command("disable-scheduler")
@each_site
def disable() -> None:
    """Switch the scheduler off."""
    scheduler.set_enabled(False)
    say(f"Disabled for {current().site}")


@click.command("scheduler")
@click.argument("state", type=click.Choice(["status", "pause", "resume", "disable", "enable"]))
@click.option("--site", help="The site, instead of the group's option.")
@click.option("--format", "-f", "output", type=click.Choice(["json", "text"]), default="text", help="How to say it.")
@click.option("--verbose", "-v", is_flag=True, help="Say why it does not run.")
@pass_context
def control(context: Any, state: str, site: str | None, output: str, verbose: bool) -> None:
    """Show, pause, resume, switch on or off the scheduler."""
    name = site or str(get_site(context))
    path = os.path.join(name, "site_config.json")
    with connection(name):
        if state in ("pause", "resume"):
            update_json_file(path, "pause_scheduler", True if state == "pause" else None)
        elif state in ("disable", "enable"):
            scheduler.set_enabled(state == "enable")
    with connection(name):
        reason = scheduler.why_inactive()
    if output == "json":
        say(json.dumps({"site": name, "status": "inactive" if reason else "active", "reason": reason}, indent=1))
        return
    words = {"pause": "paused", "resume": "resumed", "disable": "disabled", "enable": "enabled"}
    shown = words.get(state) or ("enabled" if not reason else _state_word(reason))
    say(f"Scheduler is {shown} for site {name}{f' ({reason})' if reason and verbose else ''}")


def _state_word(reason: str) -> str:
    return "paused" if "paused" in reason else "disabled" if "disabled" in reason else "inactive"


@click.command("trigger-scheduler-event")
@click.argument("event")
@each_site
def trigger(event: str) -> None:
    """Run the scheduled jobs of an event (`daily`, `hourly_long` …), or one by its name, now and here."""
    database = current().db
    try:
        frequency = frequency_of(event)
    except ValueError:
        frequency = event
    found = database.rows(
        "SELECT `name` FROM `tabScheduled Job Type` WHERE `frequency` = ? OR `name` = ?", (frequency, event)
    )
    if not found:
        raise click.ClickException(f"Event {event} does not exist!")
    for (name,) in found:
        scheduler.run_scheduled_job(name)
        database.commit()
        say(f"{name}: done")


@click.command("doctor")
@click.option("--site", help="The site, instead of the group's option.")
@pass_context
def doctor(context: Any, site: str | None) -> None:
    """Show how background work stands: scheduler, workers, jobs."""
    sites = [site] if site else context.sites
    if not sites:
        raise SiteNotSpecifiedError
    say("-----Checking scheduler status-----")
    workers: list[Any] = embedded_workers(".")
    for name in sites:
        with connection(name):
            reason = scheduler.why_inactive()
            workers = queries.workers()
            say(f"Scheduler inactive for {name}: {reason}" if reason else f"Scheduler active for {name}")
    say(f"Workers online: {len(workers)}")
    for name in sites:
        with connection(name):
            say(f"-----{name} Jobs-----")
            for (queue, status), number in sorted(count_by_queue().items()):
                say(f"{queue}: {number} {status}")


@click.command("show-pending-jobs")
@click.option("--site", help="The site, instead of the group's option.")
@pass_context
def show_pending_jobs(context: Any, site: str | None) -> None:
    """List the jobs that wait or run."""
    with connection(site or str(get_site(context))):
        say("-----Pending Jobs-----")
        for job in queries.active_jobs():
            say(f"{job.queue} {job.status} {job.job_name} {job.id}")


@click.command("purge-jobs")
@click.option("--site", help="The site, instead of the group's option.")
@click.option("--queue", help="Only this queue.")
@click.option("--event", help="Only jobs of this event.")
@pass_context
def purge_jobs(context: Any, site: str | None, queue: str | None, event: str | None) -> None:
    """Remove the jobs that wait."""
    sites = [site] if site else context.sites
    if not sites:
        raise SiteNotSpecifiedError
    if queue:
        queues.check(queue, get_site_config("."))
    count = 0
    for name in sites:
        with connection(name):
            count += purge(queue, event)
    say(f"Purged {count} jobs")


commands = [enable, disable, control, trigger, doctor, show_pending_jobs, purge_jobs]
