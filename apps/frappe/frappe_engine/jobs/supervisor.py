"""The parent of worker processes: starts them, starts them again when they die, and ends them with itself.

A worker that does not come back from a job long after its time is killed: the job is another worker's then.

Invariant: no worker outlives its parent, and none is missing for longer than a few seconds.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
OVERDUE_GRACE_S = 30.0
TICK_S = 1.0
LONGEST_PAUSE_S = 5.0
SOON_S = 1.0  # a worker that dies sooner after its start is probably not killed but broken
DONE, AGAIN = 0, 75  # exit statuses: nothing more to do, start a fresh one


class Deadline:
    """A moment shared between a worker and its parent: when the job at hand must have ended; 0 for no job."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 8)

    def set(self, moment: float | None) -> None:
        """Note it."""
        self._memory[:8] = struct.pack("d", moment or 0.0)

    def is_past(self, now: float) -> bool:
        """Tell whether the job is long overdue."""
        moment = struct.unpack("d", self._memory[:8])[0]
        return bool(moment) and now > moment + OVERDUE_GRACE_S


@dataclass
class Child:
    """One place for a worker."""

    deadline: Deadline = field(default_factory=Deadline)
    pid: int = 0
    early_deaths: int = 0
    started_at: float = 0.0
    start_at: float = 0.0
    done: bool = False


class Supervisor:
    """Keeps a number of workers running. `work` runs in each; it gives True when a fresh worker should follow."""

    def __init__(self, work: Callable[[Deadline], bool], number: int = 1, say: Callable[[str], None] = print) -> None:
        self.work, self.say = work, say
        self.children = [Child() for _number in range(number)]
        self.stopping = False

    def run(self) -> int:
        """Run until all workers are done or a signal asks to stop; gives the exit status."""
        watched = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}
        before = signal.pthread_sigmask(signal.SIG_BLOCK, watched)
        try:
            while not all(child.done for child in self.children):
                self._start_missing(before)
                received = signal.sigtimedwait(watched, TICK_S)
                if received is not None and received.si_signo != signal.SIGCHLD:
                    self._stop(received.si_signo)
                self._reap()
                self._kill_overdue()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return 0

    def _start_missing(self, mask: set[int | signal.Signals]) -> None:
        for child in self.children:
            if child.pid or child.done:
                continue
            if self.stopping:
                child.done = True
            elif time.monotonic() >= child.start_at:
                child.started_at = time.monotonic()
                child.pid = self._fork(child, mask)

    def _fork(self, child: Child, mask: set[int | signal.Signals]) -> int:
        sys.stdout.flush()
        child.deadline.set(None)
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            status = AGAIN if self.work(child.deadline) else DONE
        except BaseException:  # noqa: BLE001 - the child must not run on into the parent's code
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(status)

    def _stop(self, number: int) -> None:
        self.stopping = True
        for child in self.children:
            if child.pid:
                os.kill(child.pid, number if number == signal.SIGTERM else signal.SIGTERM)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            for child in self.children:
                if child.pid == pid:
                    self._ended(child, os.waitstatus_to_exitcode(status))

    def _ended(self, child: Child, status: int) -> None:
        child.pid = 0
        if status == DONE or self.stopping:
            child.done = True
            return
        if status == AGAIN:
            child.start_at = 0.0
            return
        lived_s = time.monotonic() - child.started_at
        child.early_deaths = child.early_deaths + 1 if lived_s < SOON_S else 0
        pause_s = min(0.05 * 2 ** min(child.early_deaths, 7), LONGEST_PAUSE_S)
        child.start_at = time.monotonic() + pause_s
        self.say(f"A worker ended with status {status}; another one starts in {pause_s:.1f} s")

    def _kill_overdue(self) -> None:
        for child in self.children:
            if child.pid and child.deadline.is_past(time.time()):
                self.say(f"The worker {child.pid} does not come back from a job and is killed")
                os.kill(child.pid, signal.SIGKILL)
