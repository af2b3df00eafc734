"""Cancelling orders.

Invariant: stock that a cancelled order held is free in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ec_erp.documents.errors import refuse
from ec_erp.inventory import flows as inventory
from ec_erp.kernel.problems import Problem
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import preparing
from ec_erp.orders.flows.blocking import INTERCEPTED
from ec_erp.orders.flows.context import start_run
from ec_erp.orders.flows.events import announce
from ec_erp.orders.flows.going_on import audit_problem
from ec_erp.orders.flows.working import WorkingOrder, write_orders
from ec_erp.orders.rules import machine

CANCELLED = "Cancelled"


def cancel_orders(docs: Sequence[Any]) -> None:
    """Cancel orders: free their stock and their platform order ids. Raises ``OrderNotReady`` for delivered ones."""
    orders = [WorkingOrder.of(doc) for doc in docs]
    run = start_run(orders)
    problems: list[Problem | None] = [audit_problem(order, run, (machine.CANCEL,)) for order in orders]
    refuse(filter(None, problems), OrderNotReady)
    inventory.release([row.name for order in orders for row in order.lines])
    for order in orders:
        for row in order.lines:
            order.put_line(row, reserved_qty=0.0, stock_state="None")
        order.put(stock_state="Not Reserved", platform_key=None, reserved_until=None)
    preparing.count_gifts(orders, -1)
    write_orders(orders, run.now)
    announce(INTERCEPTED, [order.name for order in orders if order.path.start in machine.RELEASED], CANCELLED)
