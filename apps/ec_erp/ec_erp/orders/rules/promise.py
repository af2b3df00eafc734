"""When an order has to leave, and how urgent that is.

Invariant: the clock starts when the order may go on: at payment, else when it was placed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

LATE, TODAY, IN_TIME = "Late", "Soon", "In Time"
SOON = timedelta(hours=12)


def ship_by(ordered: datetime, paid: datetime | None, within_hours: int) -> datetime | None:
    """Return the latest moment to ship, None where nothing was promised."""
    return (paid or ordered) + timedelta(hours=within_hours) if within_hours > 0 else None


def urgency(promise: datetime, now: datetime) -> str:
    """Return how urgent a promise is: late, soon (within 12 hours), in time."""
    if now > promise:
        return LATE
    return TODAY if promise - now <= SOON else IN_TIME
