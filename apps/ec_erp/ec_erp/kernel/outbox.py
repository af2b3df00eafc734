"""Queues of what others must be told: states of a row, when to try again, when to give up: pure.

Invariant: a row that nobody has answered is handed out again after its lease, so whoever receives it must know it by its key.
"""

from __future__ import annotations

from datetime import datetime, timedelta

QUEUED, SENT, DONE, FAILED, MANUAL, CANCELLED = "Queued", "Sent", "Done", "Failed", "Manual", "Cancelled"
OPEN = (QUEUED, SENT, FAILED)
LEASE_MINUTES = 10
MOST_TRIES = 8
_FIRST_PAUSE_MINUTES, _LONGEST_PAUSE_MINUTES = 1, 120


def next_try(now: datetime, tries: int) -> datetime:
    """Return when to try again after so many failed tries: 1, 2, 4 … minutes, at most two hours."""
    return now + timedelta(minutes=min(_LONGEST_PAUSE_MINUTES, _FIRST_PAUSE_MINUTES * 2 ** max(0, tries - 1)))


def after_failure(tries: int, *, again: bool) -> str:
    """Return the state of a row that was refused: it waits for the next try, or for a person."""
    return QUEUED if again and tries < MOST_TRIES else FAILED


def is_due(status: str, sent: datetime | None, now: datetime) -> bool:
    """Tell whether a row may be handed out: it waits, or was handed out and nobody has answered within the lease."""
    return status == QUEUED or (status == SENT and (sent is None or sent < now - timedelta(minutes=LEASE_MINUTES)))
