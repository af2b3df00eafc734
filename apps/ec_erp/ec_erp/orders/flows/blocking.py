"""Blocks: putting reasons on orders that stop them, and taking them off.

Invariant: a block on an order that the warehouse has already is told to the warehouse in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ec_erp.orders.flows.context import start_run
from ec_erp.orders.flows.events import announce
from ec_erp.orders.flows.going_on import go_on, lock_all
from ec_erp.orders.flows.working import WorkingOrder, write_orders
from ec_erp.orders.rules import blocks, machine

INTERCEPTED, RELEASED = "ec_erp_orders_intercepted", "ec_erp_orders_released"
RECALLED = "ec_erp_orders_recalled"


def block_orders(notes: Mapping[str, str], code: str, source: str) -> list[WorkingOrder]:
    """Put a block on orders, given as {order: note}; ended and shipped ones are left alone. Returns the changed ones."""
    orders = lock_all(notes)
    run = start_run(orders)
    changed = [
        order
        for order in orders
        if order.status in (machine.DRAFT, *machine.LIVE) and order.block(code, source, notes[order.name], run.now)
    ]
    write_orders(changed, run.now)
    if blocks.is_blocking(code):
        announce(INTERCEPTED, [order.name for order in changed if order.status in machine.RELEASED], code, source)
    return changed


def unblock_orders(names: Iterable[str], code: str, why: str = "") -> list[WorkingOrder]:
    """Take a block off orders and let them go on; without a code all blocks. Returns the changed ones."""
    orders = lock_all(names)
    run = start_run(orders)
    changed = [order for order in orders if _clear(order, code, why)]
    go_on(changed, run)
    free = [order for order in changed if order.path.start in machine.RELEASED and not blocks.blocking(order.codes)]
    announce(RELEASED, [order.name for order in free], code)
    return changed


def _clear(order: WorkingOrder, code: str, why: str) -> bool:
    codes = [code] if code else order.codes
    return any([order.clear_for_good(one, why) for one in codes])
