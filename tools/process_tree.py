"""Runs a program together with everything it starts, and ends all of it.

Invariant: when `supervise` returns, no process is left that descends from the program it ran — also none that moved to
a session of its own, as the Procfile's processes do, and none whose parent died first. Linux only.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK_S = 0.2
GRACE_S = 10.0
INTERRUPTED = 0


class StopRequest:
    """Turns the signals that ask for an end into a value that the main loop looks at."""

    def __init__(self) -> None:
        self.received: int | None = None

    def __call__(self, number: int, _frame: object) -> None:
        """Remember the signal; being a handler, do nothing else."""
        self.received = number


def supervise(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    each_tick: Callable[[], None],
    grace_s: float = GRACE_S,
) -> int:
    """Run a program until it ends or a stop signal comes; then end every process that came from it.

    `each_tick` is called every fifth of a second meanwhile. Returns the program's exit status, 0 after a stop signal.
    """
    adopt_orphans()
    with stop_signals_caught() as stop:
        program = start(command, env=env, cwd=cwd)
        try:
            while program.poll() is None and stop.received is None:
                each_tick()
                time.sleep(TICK_S)
        finally:
            end(program, grace_s=grace_s)
            end_descendants(grace_s=grace_s)
    return INTERRUPTED if stop.received is not None else program.returncode


def start(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path | None = None,
    output: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C reaches it once and through us."""
    return subprocess.Popen(
        [str(word) for word in command],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


def end(program: subprocess.Popen[bytes], *, grace_s: float = GRACE_S) -> None:
    """Ask a program to end, and kill it when it does not within the grace period."""
    if program.poll() is None:
        program.terminate()
    try:
        program.wait(grace_s)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()


def end_descendants(*, grace_s: float = GRACE_S) -> None:
    """End what is left of our descendants: by SIGTERM, and by SIGKILL after the grace period."""
    deadline = time.monotonic() + grace_s
    asked: set[int] = set()
    while left := living_descendants(os.getpid()):
        late = time.monotonic() > deadline
        for pid in left if late else left - asked:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if late else signal.SIGTERM)
        asked |= left
        time.sleep(TICK_S / 4)


def living_descendants(ancestor: int) -> set[int]:
    """Return the ids of all running processes below a process; ended children are collected on the way."""
    reap_ended_children()
    parents = dict(parents_by_pid())
    found: set[int] = set()
    while added := {pid for pid, parent in parents.items() if parent in found | {ancestor}} - found:
        found |= added
    return found


def parents_by_pid() -> Iterator[tuple[int, int]]:
    """Yield (pid, parent's pid) of every running process; ended ones that nobody collected do not count."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if state not in {"Z", "X"}:
                yield int(folder.name), int(parent)


def reap_ended_children() -> None:
    """Collect the exit status of children that ended, adopted ones included."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


@contextlib.contextmanager
def stop_signals_caught() -> Iterator[StopRequest]:
    """Note stop signals instead of dying of them, until the block ends."""
    stop = StopRequest()
    before = {number: signal.signal(number, stop) for number in STOP_SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends, so that none gets out of sight."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """Get SIGTERM when the parent ends, even if it was killed and could say nothing."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _prctl(option: int, value: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
