"""How far an order is, from the progress of its lines.

Invariant: an order is shipped when nothing is left to deliver, and not before.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ec_erp.kernel.money import share_so_far
from ec_erp.kernel.numbers import ZERO
from ec_erp.orders.rules.machine import DELIVER_ALL, DELIVER_PART, TAKE_BACK, next_status
from ec_erp.orders.types import GuardFacts, OrderHead, OrderLine, OrderProgress

_HUNDRED = Decimal(100)
_PERCENT_STEP = Decimal("0.01")


def progress_after_delivery(order: OrderHead, states: Sequence[str], *, charges_delivered: bool) -> OrderProgress:
    """Return what the head of an order shows after a delivery; its lines and their stock ``states`` are as of now."""
    finished = is_delivered(order.lines, has_charges=order.has_charges, charges_delivered=charges_delivered)
    event = DELIVER_ALL if finished else DELIVER_PART
    status = next_status(order.status, event, GuardFacts(blocking=order.blocking))
    return _progress(order, status, states, finished=finished)


def progress_after_undoing(order: OrderHead, states: Sequence[str], *, charges_delivered: bool) -> OrderProgress:
    """Return what the head of an order shows after one of its deliveries was cancelled."""
    finished = is_delivered(order.lines, has_charges=order.has_charges, charges_delivered=charges_delivered)
    status = order.status if finished else next_status(order.status, TAKE_BACK, GuardFacts())
    return _progress(order, status, states, finished=finished)


def is_delivered(lines: Sequence[OrderLine], *, has_charges: bool, charges_delivered: bool) -> bool:
    """Tell whether nothing is left to deliver; an order of charges alone is delivered when they are posted."""
    return all(line.open_qty == 0 for line in lines) and (bool(lines) or charges_delivered or not has_charges)


def line_stock_state(qty: Decimal, reserved: Decimal, delivered: Decimal) -> str:
    """Return the stock state that a line shows."""
    if delivered >= qty:
        return "Delivered"
    if reserved + delivered >= qty:
        return "Reserved"
    return "Part Reserved" if reserved > 0 else "Short"


def order_stock_state(line_states: Sequence[str]) -> str:
    """Return the stock state that an order shows, from those of its lines."""
    if not line_states or all(state == "Delivered" for state in line_states):
        return "Delivered" if line_states else "Not Reserved"
    if all(state in ("Reserved", "Delivered") for state in line_states):
        return "Reserved"
    if all(state in ("None", "Short", "Presale") for state in line_states):
        return "Not Reserved"
    return "Part Reserved"


def percent_of(delivered: Decimal, due: Decimal) -> Decimal:
    """Return how much of what is due has left, in percent; nothing due is everything."""
    return (_HUNDRED * min(delivered, due) / due).quantize(_PERCENT_STEP) if due > 0 else _HUNDRED


def _progress(order: OrderHead, status: str, states: Sequence[str], *, finished: bool) -> OrderProgress:
    ordered = sum((line.due_qty for line in order.lines), ZERO)
    delivered = sum((min(line.delivered, line.due_qty) for line in order.lines), ZERO)
    percent = percent_of(delivered, ordered) if ordered else _HUNDRED * int(finished)
    return OrderProgress(
        status=status,
        stock_state="Delivered" if finished else order_stock_state(states),
        books_state="Posted" if finished else ("Part Posted" if delivered else "Not Posted"),
        delivered_percent=percent,
    )


def refunded_share(paid: Decimal, qty: Decimal, refunded: Decimal, currency: str) -> Decimal:
    """Return what of a line's paid amount is for units that do not leave: what their deliveries will not bill, to the cent."""
    return paid - share_so_far(paid, qty - min(refunded, qty), qty, currency) if refunded > 0 else ZERO
