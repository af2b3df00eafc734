"""Undoing a merge or a split: what came of it is cancelled, what it came from goes on.

Invariant: nothing is undone of which anything has left or is with the warehouse.
"""

from __future__ import annotations

from collections.abc import Sequence

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import cancel_many
from ec_erp.kernel.problems import N_, problem, words
from ec_erp.orders import store
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import preparing
from ec_erp.orders.flows.context import start_run
from ec_erp.orders.flows.going_on import go_on
from ec_erp.orders.flows.working import WorkingOrder, is_delivered_in_part, lock_orders
from ec_erp.orders.rules import machine


def undo_merge(name: str, why: str = "") -> list[WorkingOrder]:
    """Cancel a merged order and let the orders it was made of go on, sealed so that they stay apart; return those."""
    return _undo([name], store.load_children("merged_into", [name]).get(name, []), machine.UNMERGE, why)


def undo_split(name: str, why: str = "") -> list[WorkingOrder]:
    """Cancel the parts of an order and let it go on in one piece; return it. Raises ``OrderNotReady`` for a periodic one."""
    known = store.load_fields("Sales Order", [name], ["delivery_cycle"]).get(name.casefold(), {})
    message = N_("The order {0} is delivered periodically: stop its deliveries instead")
    refuse([problem(message, name)] if known.get("delivery_cycle") else [], OrderNotReady)
    parts = store.load_children("split_from", [name]).get(name, [])
    return _undo(parts, [name], machine.UNSPLIT, why)


def _undo(derived: Sequence[str], parents: Sequence[str], event: str, why: str) -> list[WorkingOrder]:
    orders = lock_orders([*derived, *parents])
    known = {order.name: order for order in orders}
    message = N_("{0} is {1}: recall it from the warehouse first")
    busy = [known[name] for name in derived if name in known and not _is_free(known[name])]
    refuse([problem(message, order.name, words(order.status)) for order in busy], OrderNotReady)
    if not derived or not parents:
        refuse([problem(N_("There is nothing to undo"))], OrderNotReady)
    documents = [frappe.get_doc("Sales Order", name) for name in derived]
    for document in documents:
        document.flags.ignore_permissions = True
        document.flags.ignore_links = True
    cancel_many(documents)
    back = [known[name] for name in parents]
    run = start_run(back)
    for order in back:
        order.why = why
        order.step(event, run.facts(order))
        order.put(merged_into=None, sealed=1, archived=0)
    preparing.count_gifts(back, 1)  # cancelling what was made of them has given their gifts back
    go_on(back, run)
    return back


def _is_free(order: WorkingOrder) -> bool:
    return order.status in (*machine.WAITING, *machine.PREPARING) and not is_delivered_in_part(order)
