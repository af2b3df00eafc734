"""When an order has to leave, how urgent that is, and whether the promise is going to be broken: pure.

Invariant: the clock starts when the order may go on: at payment, else when it was placed; a promise that is broken is late,
one that can't be kept any more at the usual pace is at risk. Worked table: docs/algorithms/order-promise.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from ec_erp.kernel.problems import N_
from ec_erp.orders.rules import machine

LATE, AT_RISK, TODAY, IN_TIME = N_("Late"), N_("At Risk"), N_("Soon"), N_("In Time")
SOON = timedelta(hours=12)
COLOURS: Mapping[str, str] = MappingProxyType({LATE: "red", AT_RISK: "orange", TODAY: "yellow", IN_TIME: "green"})
# Which part of the warehouse's usual time an order still needs; all of it in every other status.
_LEFT: Mapping[str, float] = MappingProxyType({machine.PICKING: 0.5, machine.PACKED: 0.25})


def ship_by(ordered: datetime, paid: datetime | None, within_hours: int) -> datetime | None:
    """Return the latest moment to ship, None where nothing was promised."""
    return (paid or ordered) + timedelta(hours=within_hours) if within_hours > 0 else None


def urgency(promise: datetime, now: datetime) -> str:
    """Return how urgent a promise is: late, soon (within 12 hours), in time."""
    if now > promise:
        return LATE
    return TODAY if promise - now <= SOON else IN_TIME


def handling_left(status: str, handling_hours: float) -> timedelta:
    """Return how long an order in a status usually takes until its parcel leaves."""
    return timedelta(hours=handling_hours * _LEFT.get(status, 1))


def forecast(promise: datetime, now: datetime, left: timedelta, *, stopped: bool) -> str:
    """Return how urgent a promise is, foreseeing that it breaks.

    At risk is what the time that is ``left`` to do does not fit into any more, and what is due soon while a reason or a
    shortage stops it.
    """
    word = urgency(promise, now)
    breaks = now + left > promise or (stopped and word == TODAY)
    return AT_RISK if breaks and word != LATE else word
