"""What a reservation becomes when its order is delivered, cancelled, or a delivery is taken back.

Invariant: what a line holds plus what was delivered and given back is what was put aside for it.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ec_erp.inventory.types import BalanceChange, Reservation
from ec_erp.kernel.numbers import ZERO


def topped_up(reservation: Reservation, qty: Decimal) -> Reservation:
    """Put ``qty`` more aside."""
    return replace(reservation, qty=reservation.qty + qty)


def released(reservation: Reservation) -> tuple[Reservation, BalanceChange]:
    """Give back what is still held."""
    held = reservation.held
    return replace(reservation, released=reservation.released + held), BalanceChange(reservation.key, reserved=-held)


def consumed(
    reservation: Reservation, qty: Decimal, warehouse: str
) -> tuple[Reservation, Decimal, BalanceChange | None]:
    """Use a reservation for a delivery of ``qty`` out of ``warehouse``.

    Returns the reservation afterwards, the quantity that the delivery may take from what was put aside, and, where
    the goods leave another warehouse, the change that gives the promise back (the delivery then takes from what is
    available there).
    """
    used = min(qty, reservation.held)
    if reservation.key.warehouse == warehouse:
        return replace(reservation, consumed=reservation.consumed + used), used, None
    back = BalanceChange(reservation.key, reserved=-used)
    return replace(reservation, released=reservation.released + used), ZERO, back


def restored(reservation: Reservation, qty: Decimal) -> tuple[Reservation, BalanceChange]:
    """Put ``qty`` aside again, because the delivery that used it is cancelled."""
    return replace(reservation, consumed=reservation.consumed - qty), BalanceChange(reservation.key, reserved=qty)
