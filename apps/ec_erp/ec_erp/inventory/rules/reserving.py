"""What a reservation becomes when its order is paid, delivered, cancelled, or a delivery is taken back.

Invariant: what a line holds plus what was delivered and given back is what was put aside for it. What a quota gave is
used up first.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ec_erp.inventory.types import Allocation, BalanceChange, Reservation
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.values import with_changes


def made(got: Allocation, moment: datetime) -> Reservation:
    """Return the reservation of a line that had none."""
    request = got.request
    return Reservation(
        line=request.line,
        key=request.key,
        qty=got.qty,
        kind=request.kind,
        soft=request.soft,
        quota=got.quota,
        from_quota=got.from_quota,
        expires=request.expires if request.soft else None,
        since=request.since or moment,
        priority=request.priority,
    )


def topped_up(reservation: Reservation, qty: Decimal, got: Allocation | None = None) -> Reservation:
    """Put ``qty`` more aside; what holds nothing any more starts anew, for an unpaid order as soft as at first."""
    more = with_changes(reservation, qty=reservation.qty + qty)
    if got is not None and not reservation.held:
        soft = got.request.soft
        more = with_changes(more, soft=soft, expires=got.request.expires if soft else None)
    if got is None or not got.from_quota:
        return more
    return with_changes(more, quota=got.quota, from_quota=reservation.from_quota + got.from_quota)


def released(reservation: Reservation) -> tuple[Reservation, BalanceChange, Decimal]:
    """Give back what is still held; the last value is the part that goes back to its quota."""
    held = reservation.held
    back = min(held, max(ZERO, reservation.from_quota - reservation.consumed))
    after = with_changes(
        reservation,
        released=reservation.released + held,
        from_quota=reservation.from_quota - back,
        soft=False,
        expires=None,
    )
    return after, BalanceChange(reservation.key, reserved=-held, unpaid=-_unpaid(reservation, held)), back


def confirmed(reservation: Reservation) -> tuple[Reservation, BalanceChange]:
    """Turn what an unpaid order holds into what a paid one holds."""
    after = with_changes(reservation, soft=False, expires=None)
    return after, BalanceChange(reservation.key, unpaid=-_unpaid(reservation, reservation.held))


def consumed(
    reservation: Reservation, qty: Decimal, warehouse: str
) -> tuple[Reservation, Decimal, BalanceChange | None]:
    """Use a reservation for a delivery of ``qty`` out of ``warehouse``.

    Returns the reservation afterwards, the quantity that the delivery may take from what was put aside, and a change of
    promises that goes with it: where the goods leave another warehouse, the one that gives the promise back (the delivery
    then takes from what is available there).
    """
    used = min(qty, reservation.held)
    unpaid = _unpaid(reservation, used)
    if reservation.key.warehouse == warehouse:
        change = BalanceChange(reservation.key, unpaid=-unpaid) if unpaid else None
        return with_changes(reservation, consumed=reservation.consumed + used), used, change
    back = BalanceChange(reservation.key, reserved=-used, unpaid=-unpaid)
    return with_changes(reservation, released=reservation.released + used), ZERO, back


def restored(reservation: Reservation, qty: Decimal) -> tuple[Reservation, BalanceChange]:
    """Put ``qty`` aside again, because the delivery that used it is cancelled."""
    after = with_changes(reservation, consumed=reservation.consumed - qty)
    return after, BalanceChange(reservation.key, reserved=qty, unpaid=_unpaid(reservation, qty))


def _unpaid(reservation: Reservation, qty: Decimal) -> Decimal:
    return qty if reservation.soft else ZERO
