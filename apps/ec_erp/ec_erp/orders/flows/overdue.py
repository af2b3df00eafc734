"""Letting orders go on by themselves that were stopped for overdue instalments, once those are settled or not held against them.

Invariants: only what a rule has stopped is let go, with the reason in the order's history; a stop that a person has put stays,
and so does everything else that holds an order. It is looked at when the work of a transaction is done, and by the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import frappe

from ec_erp.orders import store
from ec_erp.orders.flows.blocking import RELEASED
from ec_erp.orders.flows.buyers import SOURCE, follow_overdue
from ec_erp.orders.flows.context import start_run
from ec_erp.orders.flows.events import announce
from ec_erp.orders.flows.going_on import go_on
from ec_erp.orders.flows.working import WorkingOrder, lock_orders
from ec_erp.orders.rules import machine
from ec_erp.orders.rules.blocks import PAYMENT_OVERDUE

MOST = 500
_POLICY = ("overdue_policy", "overdue_grace_days")
_SAVEPOINT = "ec_erp_overdue"


def debts_eased(names: Sequence[str], code: str, note: str) -> None:  # noqa: ARG001  the shape of the hook
    """Look at the stopped orders of the customers of these orders, of which less is overdue now."""
    _look(store.find_stopped(PAYMENT_OVERDUE, SOURCE, machine.LIVE, MOST, orders=names))


def policy_changed(doc: Any, method: str | None = None) -> None:  # noqa: ARG001  the shape of a document event
    """Look at stopped orders once the work is done, where a customer, company or payment terms hold overdue payments against them
    in another way."""
    before = doc.get_doc_before_save()
    if before and any((before.get(field) or 0) != (doc.get(field) or 0) for field in _POLICY):
        field = {"Customer": "customer", "Company": "company"}.get(doc.doctype)
        frappe.db.before_commit.add(partial(_look_at, {field: doc.name} if field else {}))


def _look_at(filters: dict[str, str]) -> None:
    _look(store.find_stopped(PAYMENT_OVERDUE, SOURCE, machine.LIVE, MOST, filters=filters))


def _look(names: Sequence[str]) -> None:
    """Let go what may go; where that is refused the work that has eased the debts stays, and the clock looks again."""
    if not names:
        return
    frappe.db.savepoint(_SAVEPOINT)
    try:
        lift(names)
    except frappe.ValidationError:
        frappe.db.rollback(save_point=_SAVEPOINT)
        frappe.log_error(title=f"Orders: {PAYMENT_OVERDUE}")
    else:
        frappe.db.release_savepoint(_SAVEPOINT)


def lift(names: Sequence[str]) -> list[WorkingOrder]:
    """Let stopped orders go on whose customers owe nothing that is held against them any more; return those."""
    orders = lock_orders(names)
    run = start_run(orders)
    follow_overdue(orders, run)
    eased = [order for order in orders if PAYMENT_OVERDUE not in order.codes]
    go_on(eased, run)
    free = [order.name for order in eased if order.path.start in machine.RELEASED and not order.is_blocked]
    announce(RELEASED, free, PAYMENT_OVERDUE)
    return eased


def settled(now: datetime, limit: int) -> list[str]:  # noqa: ARG001  the shape of what the clock asks
    """Return stopped orders that may go on; nothing is locked or changed."""
    names = store.find_stopped(PAYMENT_OVERDUE, SOURCE, machine.LIVE, limit)
    heads, rows = store.load_heads(names), store.load_block_rows(names)
    orders = [WorkingOrder(heads[name], [], rows.get(name, [])) for name in names]
    if orders:
        follow_overdue(orders, start_run(orders))
    return [order.name for order in orders if PAYMENT_OVERDUE not in order.codes]
