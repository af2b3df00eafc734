"""Turns for SQLite's single writer, for the threads of a process and for the processes of a bench.

SQLite lets waiting processes poll the file with longer and longer pauses, so that one that has just written writes again and others
wait for seconds. Here whoever wants to write stands in line: first the threads of a process among themselves, then one thread of each
process at two locked files. Who waits for the turn holds the place in front of it, so nobody overtakes.

Invariant: the turn is a courtesy. SQLite's own lock still guards the file, also against programs that know of no turns; a process that
dies loses its place and its turn.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time

LONGEST_WAIT_S = 60.0
# Between two looks at a file that another process holds. One process alone looks often, that which is next; the others, one thread
# of each, may be dozens. (Waiting in the kernel instead has been measured to be slower by a third: whoever wakes up wakes up late.)
PAUSE_S, PAUSE_BEHIND_S = 0.0005, 0.002


class WriteQueue:
    """The line of those who want to write to one database file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._files: tuple[int, int] | None = None
        self._pid = 0

    def acquire(self) -> bool:
        """Wait for the turn; False when it did not come in time."""
        until = time.monotonic() + LONGEST_WAIT_S
        if not self._lock.acquire(timeout=LONGEST_WAIT_S):
            return False
        try:
            taken = self._take_turn(until)
        except BaseException:
            self._lock.release()
            raise
        if not taken:
            self._lock.release()
        return taken

    def release(self) -> None:
        """Give the turn to the next."""
        if self._files is not None and self._pid == os.getpid():
            fcntl.flock(self._files[1], fcntl.LOCK_UN)
        self._lock.release()

    def close(self) -> None:
        """Close the files, because the database is not used any more."""
        if self._files is not None and self._pid == os.getpid():
            for file in self._files:
                os.close(file)
        self._files = None

    def _take_turn(self, until: float) -> bool:
        place, turn = self._opened()
        if not _locked(place, until, PAUSE_BEHIND_S):
            return False
        try:
            return _locked(turn, until, PAUSE_S)
        finally:
            fcntl.flock(place, fcntl.LOCK_UN)

    def _opened(self) -> tuple[int, int]:
        """Open the files of this process: a lock belongs to an open file, which a forked process would share."""
        if self._files is None or self._pid != os.getpid():
            names = (f"{self._path}-place", f"{self._path}-turn")
            place, turn = (os.open(name, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600) for name in names)
            self._files, self._pid = (place, turn), os.getpid()
        return self._files


TRY_LOCK = fcntl.LOCK_EX | fcntl.LOCK_NB


def _locked(file: int, until: float, pause_s: float) -> bool:
    while True:
        try:
            fcntl.flock(file, TRY_LOCK)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(pause_s)
        else:
            return True


_queues: dict[str, WriteQueue] = {}


def write_queue(path: str) -> WriteQueue:
    """Give the line of the database file at an absolute path, one object per process."""
    return _queues.get(path) or _queues.setdefault(path, WriteQueue(path))


def forget_queue(path: str) -> None:
    """Close the line of a database file that is not used any more."""
    queue = _queues.pop(path, None)
    if queue is not None:
        queue.close()
