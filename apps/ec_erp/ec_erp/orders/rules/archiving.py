"""Which orders leave the lists of daily work: pure.

Invariant: an order that may still change by itself, or that somebody has to look at, is never archived.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime

from ec_erp.orders.rules.machine import ENDED


def quiet_since(now: datetime, months: int) -> datetime:
    """Return the moment since which nothing may have changed on an order that is archived: so many months before now."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))


def may_be_archived(status: str, *, has_open_case: bool) -> bool:
    """Tell whether an order in a status may leave the lists: it has come to its end, and no case about it is open."""
    return status in ENDED and not has_open_case
