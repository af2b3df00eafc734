"""When scheduled jobs are due: from the words of hooks to cron expressions, and from those to moments.

Invariant: pure; the moment after one that was missed is the next in the future, however many were missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from croniter import croniter

CRON = "Cron"
ALL = "All"
DEFAULT_INTERVAL_S = 240
EXPRESSIONS = {
    "Hourly": "0 * * * *",
    "Daily": "0 0 * * *",
    "Weekly": "0 0 * * 0",
    "Monthly": "0 0 1 * *",
    "Yearly": "0 0 1 1 *",
    "Annual": "0 0 1 1 *",
}
MAINTENANCE = "Maintenance"
LONG = "Long"
NIGHT_HOURS = 6


class ScheduleError(ValueError):
    """A schedule can't be understood; the message names the job."""


@dataclass(frozen=True)
class WantedJob:
    """A scheduled job that an app asks for."""

    method: str
    frequency: str
    cron_format: str = ""


def wanted_jobs(events: Mapping[str, Any]) -> Iterator[WantedJob]:
    """Give the jobs of the merged hook `scheduler_events`, each once. Raises `ScheduleError` on a wrong expression."""
    seen: set[WantedJob] = set()
    for key, value in events.items():
        if key == "cron":
            found = [
                WantedJob(method, CRON, check(expression, method))
                for expression, methods in value.items()
                for method in methods
            ]
        else:
            found = [WantedJob(method, frequency_of(key), "") for method in value]
        for job in found:
            if job not in seen:
                seen.add(job)
                yield job


def frequency_of(key: str) -> str:
    """Give the frequency that a key of the hook stands for: `hourly_long` is `Hourly Long`."""
    frequency = key.replace("_", " ").title()
    if frequency != ALL and frequency.split(" ")[0] not in EXPRESSIONS:
        raise ScheduleError(f"scheduler_events knows no {key!r}")
    return frequency


def check(expression: str, method: str) -> str:
    """Give a cron expression; raises `ScheduleError` naming the method when it is none."""
    if not croniter.is_valid(expression):
        raise ScheduleError(f"{expression!r} of {method} is no cron expression")
    return expression


def expression_for(
    frequency: str, cron_format: str = "", *, key: str = "", interval_s: int = DEFAULT_INTERVAL_S
) -> str:
    """Give the cron expression of a job. Maintenance runs at a minute (at night: and an hour) that depends on `key`."""
    if frequency == CRON:
        return cron_format
    if frequency == ALL:
        return f"*/{max(1, interval_s // 60)} * * * *"
    base, _separator, kind = frequency.partition(" ")
    if kind != MAINTENANCE:
        return EXPRESSIONS[base]
    spread = int.from_bytes(blake2b(key.encode(), digest_size=4).digest(), "big")
    minute, hour = spread % 60, spread // 60 % NIGHT_HOURS
    return (
        f"{minute} * * * *" if base == "Hourly" else " ".join([str(minute), str(hour), *EXPRESSIONS[base].split()[2:]])
    )


def queue_for(frequency: str) -> str:
    """Give the queue on which a job runs."""
    return "long" if frequency.endswith((LONG, MAINTENANCE)) else "default"


def next_moment(expression: str, after: datetime) -> datetime:
    """Give the first moment of an expression after a moment (the site's time)."""
    moment: datetime = croniter(expression, after).get_next(datetime)
    return moment
