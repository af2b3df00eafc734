"""Undoing a merge or a split: what came of it is cancelled, what it came from goes on.

Invariant: nothing is undone of which anything has left or is with the warehouse.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import cancel_many
from ec_erp.kernel.numbers import ZERO, decimal_of, plain
from ec_erp.kernel.problems import N_, problem, words
from ec_erp.orders import store
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import preparing
from ec_erp.orders.flows.context import start_run
from ec_erp.orders.flows.going_on import go_on
from ec_erp.orders.flows.pricing import reprice
from ec_erp.orders.flows.working import WorkingOrder, is_delivered_in_part, lock_orders, write_orders
from ec_erp.orders.rules import machine


def undo_merge(name: str, why: str = "") -> list[WorkingOrder]:
    """Cancel a merged order and let the orders it was made of go on, sealed so that they stay apart; return those.

    What was taken out of the merged order meanwhile does not come back; an order of which nothing is left is cancelled.
    """
    return _undo([name], store.load_children("merged_into", [name]).get(name, []), machine.UNMERGE, why)


def undo_split(name: str, why: str = "") -> list[WorkingOrder]:
    """Cancel the parts of an order and let it go on in one piece; return it. Raises ``OrderNotReady`` for a periodic one.

    What was taken out of the parts meanwhile, and parts that were cancelled, do not come back.
    """
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
    left = _left_of([known[name] for name in derived if name in known])
    gone = [order for order in back if not _shrink(order, left, why)]
    go_on([order for order in back if order not in gone], run)
    _cancel(gone, run.now)
    return back


_Key = tuple[str, str]


def _left_of(derived: Sequence[WorkingOrder]) -> dict[_Key, Decimal]:
    """Return what orders that were made of others still have of the lines of those; gifts are earned anew."""
    left: dict[_Key, Decimal] = {}
    for order in derived:
        for row in order.lines:
            key = _root_of(order, row)
            left[key] = left.get(key, ZERO) + decimal_of(row.qty) - decimal_of(row.get("refunded_qty"))
    return left


def _root_of(order: WorkingOrder, row: Any) -> _Key:
    return row.get("root_order") or order.name, row.get("root_line") or row.name


def _shrink(order: WorkingOrder, left: dict[_Key, Decimal], why: str) -> bool:
    """Take out of an order that comes back what those made of it do not have any more; tell whether anything stays."""
    kept: dict[str, Decimal] = {}
    for row in [row for row in order.lines if not row.get("gift_rule")]:
        key, qty = _root_of(order, row), decimal_of(row.qty)
        kept[row.name] = min(qty, left.get(key, ZERO))
        left[key] = left.get(key, ZERO) - kept[row.name]
    fewer = [row for row in order.lines if row.name in kept and kept[row.name] < decimal_of(row.qty)]
    if not fewer or not any(kept.values()):
        return not fewer
    for row in fewer:
        before, after = (
            {"sku": row.sku, "qty": plain(decimal_of(row.qty))},
            {"sku": row.sku, "qty": plain(kept[row.name])},
        )
        order.put_line(row, qty=float(kept[row.name])) if kept[row.name] else order.drop_line(row)
        order.log("Edit", "Items", why, {"before": before, "after": after})
    reprice([order])
    return True


def _cancel(orders: Sequence[WorkingOrder], now: Any) -> None:
    """Cancel orders of which nothing is left."""
    write_orders(orders, now)
    documents = [frappe.get_doc("Sales Order", order.name) for order in orders]
    for document in documents:
        document.flags.ignore_permissions = True
    if documents:
        cancel_many(documents)
    for order in orders:
        order.path = machine.Path(machine.CANCELLED)


def _is_free(order: WorkingOrder) -> bool:
    return order.status in (*machine.WAITING, *machine.PREPARING) and not is_delivered_in_part(order)
