"""Which process works on a job, and whether it still lives.

Invariant: a process id that was given to another process since does not count as the same one.
"""

from __future__ import annotations

import os
import socket
from functools import lru_cache


@lru_cache(maxsize=4)
def host_id() -> str:
    """Give a name of this machine and its process-id space, the same for all of its processes."""
    try:
        space = os.stat("/proc/self/ns/pid").st_ino
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            boot = file.read(8)
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()}-{boot}-{space}"


def start_time(pid: int) -> str | None:
    """Give when a process started (in the kernel's ticks), None when it does not run."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in {"Z", "X"} else fields[19]


def own_name() -> str:
    """Give the name of this process among all workers: `host:pid:start`."""
    pid = os.getpid()
    return f"{host_id()}:{pid}:{start_time(pid)}"


def is_gone(worker: str) -> bool:
    """Tell whether a worker of this machine ended; False for one elsewhere, of which nothing can be said."""
    host, _separator, rest = worker.rpartition(":")[0].rpartition(":")
    started = worker.rpartition(":")[2]
    if host != host_id() or not rest.isdigit():
        return False
    return start_time(int(rest)) != started
