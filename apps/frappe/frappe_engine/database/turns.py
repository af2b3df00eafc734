"""Turns for SQLite's single writer, for the threads of a process and for the processes of a bench.

SQLite lets waiting processes poll the file with longer and longer pauses, so that one that has just written writes again and others
wait for seconds. Here whoever wants to write stands in line: first the threads of a process among themselves, then one thread of each
process at two locked files. Who waits for the turn holds the place in front of it, so nobody overtakes. Nearly always nobody waits:
a byte that all processes see says so, and the turn is one lock then.

Invariant: the turn is a courtesy. SQLite's own lock still guards the file, also against programs that know of no turns; a process that
dies loses its place and its turn, and what it left in the byte sends the next one to the line, where it is set right.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import threading
import time

LONGEST_WAIT_S = 60.0
# Between two looks at a file that another process holds. One process alone looks often, that which is next; the others, one thread
# of each, may be dozens. (Waiting in the kernel instead has been measured to be slower by a third: whoever wakes up wakes up late.)
PAUSE_S, PAUSE_BEHIND_S = 0.0005, 0.002
NOBODY_WAITS, SOMEBODY_WAITS = 0, 1
TRY_LOCK = fcntl.LOCK_EX | fcntl.LOCK_NB


class WriteQueue:
    """The line of those who want to write to one database file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._files: tuple[int, int, mmap.mmap] | None = None  # the place, the turn, and who waits

    def acquire(self) -> bool:
        """Wait for the turn; False when it did not come in time."""
        lock = self._lock
        if not (lock.acquire(False) or lock.acquire(timeout=LONGEST_WAIT_S)):
            return False
        taken = False
        try:
            taken = self._take_turn()
        finally:
            if not taken:
                lock.release()
        return taken

    def release(self) -> None:
        """Give the turn to the next."""
        if self._files is not None:
            fcntl.flock(self._files[1], fcntl.LOCK_UN)
        if self._lock.locked():  # a child of a process that had the turn has none
            self._lock.release()

    def close(self) -> None:
        """Close the files, because the database is not used any more."""
        if self._files is not None:
            place, turn, waiting = self._files
            self._files = None
            waiting.close()
            os.close(place)
            os.close(turn)

    def begin_anew(self) -> None:
        """Stand in line as the child of a fork: a lock belongs to an open file, which is the parent's."""
        self._lock = threading.Lock()
        self.close()

    def _take_turn(self) -> bool:
        place, turn, waiting = self._files or self._opened()
        if waiting[0] == NOBODY_WAITS:
            try:
                fcntl.flock(turn, TRY_LOCK)
            except BlockingIOError:
                pass
            else:
                return True
        until = time.monotonic() + LONGEST_WAIT_S
        if not _locked(place, until, PAUSE_BEHIND_S, waiting):
            return False
        try:
            return _locked(turn, until, PAUSE_S, waiting)
        finally:
            waiting[0] = NOBODY_WAITS  # who stands behind says again that it waits
            fcntl.flock(place, fcntl.LOCK_UN)

    def _opened(self) -> tuple[int, int, mmap.mmap]:
        """Open the files; the first to come makes room for the byte."""
        names = (f"{self._path}-place", f"{self._path}-turn")
        place, turn = (os.open(name, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600) for name in names)
        if not os.fstat(place).st_size:
            os.ftruncate(place, 1)
        self._files = (place, turn, mmap.mmap(place, 1))
        return self._files


def _locked(file: int, until: float, pause_s: float, waiting: mmap.mmap) -> bool:
    while True:
        try:
            fcntl.flock(file, TRY_LOCK)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            waiting[0] = SOMEBODY_WAITS
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


def _begin_anew() -> None:
    for queue in _queues.values():
        queue.begin_anew()


os.register_at_fork(after_in_child=_begin_anew)
