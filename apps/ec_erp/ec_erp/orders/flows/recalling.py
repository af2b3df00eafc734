"""Recalling orders that the warehouse has, so that they may be changed.

Invariant: the warehouse is told in the same transaction; what it has picked already it puts back.
"""

from __future__ import annotations

from collections.abc import Iterable

from ec_erp.documents.errors import refuse
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows.blocking import RECALLED
from ec_erp.orders.flows.context import start_run
from ec_erp.orders.flows.delivering import BITS
from ec_erp.orders.flows.events import announce
from ec_erp.orders.flows.going_on import audit_problem, lock_all
from ec_erp.orders.flows.working import WorkingOrder, write_orders
from ec_erp.orders.rules import machine


def recall_orders(names: Iterable[str], why: str = "") -> list[WorkingOrder]:
    """Take released orders back to the audit. Raises ``OrderNotReady`` for those not released or delivered in part."""
    orders = lock_all(names)
    run = start_run(orders)
    problems = [audit_problem(order, run, (machine.RECALL,)) for order in orders]
    refuse(filter(None, problems), OrderNotReady)
    for order in orders:
        order.why = why
        order.put(**dict.fromkeys(BITS, 0))
    write_orders(orders, run.now)
    announce(RECALLED, [order.name for order in orders], "", why)
    return orders
