"""Accepting submitted orders.

Invariant: an order that is to be shipped has its stock put aside in the same transaction in which it is accepted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ec_erp.documents import memo
from ec_erp.orders.flows.context import start_run
from ec_erp.orders.flows.drafting import FROM_ELSEWHERE, prefetch
from ec_erp.orders.flows.going_on import go_on
from ec_erp.orders.flows.working import WorkingOrder
from ec_erp.orders.rules import machine
from ec_erp.orders.types import GuardFacts

_NOTHING = GuardFacts()  # whatever is submitted is accepted


def accept_orders(docs: Sequence[Any]) -> None:
    """Accept submitted orders and let them go on as far as they can; those that are short wait with *Shortage*.

    Raises one ``StockShortage`` for all that is missing of orders that a person or program enters and that their shop wants
    refused then; without a shop they are, unless the settings say that they are taken.
    """
    with memo.remembering():
        prefetch(docs)
        orders = [WorkingOrder.of(doc) for doc in docs]
        run = start_run(orders, entered={order.name for order in orders if order.origin not in FROM_ELSEWHERE})
        for order in orders:
            order.path, order.may_hold = machine.Path(machine.DRAFT), False
            order.step(machine.ACCEPT, _NOTHING)
        go_on(orders, run)
