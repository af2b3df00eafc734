"""Turns for the numbers of a series, among the threads of one process on a database server.

The row of a series stays locked until the transaction that took a number ends, so whoever inserts waits for whoever inserted before. Where
all wait in the server, the thread that goes on next is as likely one of the process that has just committed: it then shares one interpreter
with the thread that answers its client and reads the next request, and all others wait for its row meanwhile. Here the threads of a process
wait for each other first and send one of them ahead; while the last one finishes, it is another process's turn to hold the row.

Invariant: the turn is a courtesy. The row's lock alone keeps numbers apart. Only a transaction that has written and locked nothing yet
waits here, for what a waiting one holds could be what the other one needs, which the server sees in its own locks and not in these; and it
waits `LONGEST_WAIT_S` at most.
"""

from __future__ import annotations

import os
import threading
from typing import Any
from weakref import WeakValueDictionary

LONGEST_WAIT_S = 1.0


class NumberTurns:
    """The turns of one process at the series of one database."""

    def __init__(self) -> None:
        self._turns: WeakValueDictionary[str, Any] = WeakValueDictionary()
        self._making = threading.Lock()
        self._pid = os.getpid()

    def take(self, key: str) -> Any:
        """Wait for the turn at a series; give what is to be `release`d, None when it did not come in time."""
        if self._pid != os.getpid():  # a process that was forked: whoever had a turn in the other one never ends here
            self.__init__()  # type: ignore[misc]
        with self._making:
            turn = self._turns.get(key)
            if turn is None:
                turn = self._turns[key] = threading.Lock()
        return turn if turn.acquire(timeout=LONGEST_WAIT_S) else None
