"""Moments: reading them from documents and comparing them with the clock that a caller passes in.

Invariant: no function here asks for the current time.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

FUTURE_TOLERANCE = timedelta(days=1)


def moment_of(value: object) -> datetime:
    """Return a datetime from a datetime, a date (its midnight) or ISO text. Raises ``ValueError`` for anything else."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, str):
        return datetime.fromisoformat(value.strip()).replace(tzinfo=None)
    raise ValueError(f"not a moment: {value!r}")


def is_too_late(moment: datetime, now: datetime) -> bool:
    """Tell whether an event time lies further ahead of ``now`` than clocks may differ (one day)."""
    return moment > now + FUTURE_TOLERANCE
