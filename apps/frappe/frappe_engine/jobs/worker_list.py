"""Which workers of the embedded mode are at work, from the sockets they listen on.

Invariant: a worker that died is not listed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime

from frappe_engine.jobs import bus, processes
from frappe_engine.jobs.backends import BUS_KIND


@dataclass(frozen=True)
class EmbeddedWorker:
    """A worker process."""

    pid: int
    name: str
    born: datetime
    state: str = "idle"


def embedded_workers(sites_path: str) -> list[EmbeddedWorker]:
    """Give the worker processes of a bench."""
    found = []
    for socket_name in bus.listeners(sites_path, BUS_KIND):
        pid = int(socket_name.rsplit("-", 2)[-2])
        started = processes.start_time(pid)
        if started is not None:
            found.append(EmbeddedWorker(pid, f"{processes.host_id()}:{pid}:{started}", _born(int(started))))
    return sorted(found, key=lambda worker: worker.pid)


def _born(ticks: int) -> datetime:
    with open("/proc/stat", encoding="ascii") as file:
        booted = next(int(line.split()[1]) for line in file if line.startswith("btime"))
    return datetime.fromtimestamp(booted + ticks / os.sysconf("SC_CLK_TCK"), UTC)
