"""Letting orders go on as far as their facts allow: payment, processing, audits, allocation.

Invariant: an order goes through the machine step by step, each step with its guards; where one does not hold the order
stays and shows why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import frappe

from ec_erp.documents import memo
from ec_erp.documents.errors import refuse, refuse_with
from ec_erp.inventory.errors import StockShortage
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, Problem, problem, words
from ec_erp.orders import store
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import auditing, pipeline, reserving, sourcing
from ec_erp.orders.flows.context import Run, start_run
from ec_erp.orders.flows.events import announce
from ec_erp.orders.flows.profit import estimate_profit
from ec_erp.orders.flows.short_gifts import follow_short_gifts
from ec_erp.orders.flows.working import WorkingOrder, lock_orders, write_orders
from ec_erp.orders.rules import blocks, machine, payment, promise
from ec_erp.orders.types import GuardFacts

ALLOCATED = "ec_erp_orders_allocated"


def pay_orders(names: Iterable[str], paid: datetime | None = None, reference: str | None = None) -> list[WorkingOrder]:
    """Record that orders are paid, and let them go on. Raises ``OrderNotReady`` for one that does not wait for it."""
    orders = lock_all(names)
    run = start_run(orders)
    refuse([_wrong_status(order) for order in orders if not waits_for_money(order)], OrderNotReady)
    for order in orders:
        record_payment(order, paid or run.now, reference)
    go_on(orders, run)
    return orders


def waits_for_money(order: WorkingOrder) -> bool:
    """Tell whether a payment is what an order waits for (a preorder may have paid its deposit alone)."""
    return order.status in machine.WAITING and order.payment_state in (payment.UNPAID, payment.DEPOSIT_PAID)


def record_payment(order: WorkingOrder, paid: datetime, reference: str | None) -> None:
    """Write a payment in full."""
    order.put(paid_datetime=paid, payment_state=payment.PAID)
    if order.presale_released:  # what stopped it was that this had not come
        order.unblock(blocks.PREORDER_FAILED)
    if reference:
        order.put(payment_reference=reference)
    order.log("Payment", payment.PAID, reference or "")


def collect_payments(names: Iterable[str], reference: str = "") -> list[WorkingOrder]:
    """Record that carriers have handed over what they collected for orders. Raises ``OrderNotReady`` for others."""
    orders = lock_all(names)
    now = frappe.utils.now_datetime()
    message = N_("{0} is not to be collected by the carrier, or has not left yet")
    wrong = [order for order in orders if order.payment_state != payment.COLLECT or order.status not in _LEFT]
    refuse([problem(message, order.name) for order in wrong], OrderNotReady)
    refuse(_nothing_to_collect(orders), OrderNotReady)
    for order in orders:
        record_payment(order, now, reference)
    write_orders(orders, now)
    return orders


def _nothing_to_collect(orders: Sequence[WorkingOrder]) -> list[Problem]:
    """Return which orders the buyer has refused: all that was delivered came back, so nobody has paid anything."""
    message = N_("All that was delivered of {0} came back: there is nothing to collect")
    return [problem(message, order.name) for order in orders if _came_back(order)]


def _came_back(order: WorkingOrder) -> bool:
    delivered = [row for row in order.lines if decimal_of(row.delivered_qty)]
    return bool(delivered) and all(decimal_of(row.returned_qty) >= decimal_of(row.delivered_qty) for row in delivered)


def finish_orders(names: Iterable[str]) -> list[WorkingOrder]:
    """Close shipped orders that the platform says are finished; those with an open case stay. Returns the closed ones."""
    orders = lock_orders(names)
    run = start_run(orders)
    closed = [order for order in orders if _try(order, run, machine.FINISH)]
    write_orders(closed, run.now)
    return closed


_LEFT = (machine.SHIPPED, machine.DONE)


def audit_orders(names: Iterable[str], why: str = "") -> list[WorkingOrder]:
    """Let orders go on that a person has looked at. Raises ``OrderNotReady`` naming every guard that does not hold."""
    return _by_hand(names, (machine.AUDIT, machine.PASS_TO_FINANCE), why)


def finance_audit_orders(names: Iterable[str], why: str = "") -> list[WorkingOrder]:
    """Let orders go on that finance has looked at. Raises ``OrderNotReady`` as ``audit_orders`` does."""
    return _by_hand(names, (machine.FINANCE_AUDIT,), why)


def process_orders(names: Iterable[str], why: str = "") -> list[WorkingOrder]:
    """Run the pipeline for orders that wait for it, or again for ones that are not released yet."""
    orders = lock_all(names)
    run = start_run(orders)
    for order in orders:
        order.why = why
        if (order.status, machine.REPROCESS) in machine.TRANSITIONS:
            order.step(machine.REPROCESS, run.facts(order))
    go_on(orders, run)
    return orders


def reserve_missing(names: Iterable[str]) -> list[WorkingOrder]:
    """Try again to put stock aside for orders that are short, and let them go on where that is enough."""
    orders = lock_all(names)
    go_on(orders, start_run(orders))
    return orders


def lock_all(names: Iterable[str]) -> list[WorkingOrder]:
    """Lock orders for a change. Raises ``OrderNotReady`` for names that are not submitted orders."""
    wanted = list(dict.fromkeys(names))
    orders = lock_orders(wanted)
    missing = set(wanted) - {order.name for order in orders}
    message = N_("The order {0} is not submitted")
    refuse([problem(message, name) for name in sorted(missing)], OrderNotReady)
    return orders


def go_on(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Take orders as far as they go by themselves, and write what came of it."""
    with memo.remembering():
        for order in orders:
            _take_money(order, run)
        pipeline.prepare([order for order in orders if order.status == machine.TO_PROCESS], run)
        _reserve(orders, run)
        _follow_short_gifts([order for order in orders if order.status == machine.TO_PROCESS], run)
        for order in orders:
            _try(order, run, machine.PREPARE)
        estimate_profit(orders, run)
        auditing.audit([order for order in orders if order.status == machine.TO_AUDIT], run)
        _allocate(orders, run)
        write_orders(orders, run.now)
        announce(ALLOCATED, [order.name for order in orders if _came_to(order, machine.TO_SHIP)])


def _reserve(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Put stock aside; orders that are entered without a warehouse leave from another one where the default is short.

    Raises ``StockShortage`` for those that are refused then.
    """
    if run.entered:
        sourcing.source_entered([order for order in orders if order.name in run.entered], run)
    try:
        reserving.reserve(orders, run)
    except StockShortage as refused:
        short = {shortage.key for shortage in refused.shortages}
        moved = sourcing.source_elsewhere([order for order in orders if order.name in run.refusing], short, run)
        if not moved and not run.settings.get("take_short"):
            raise
        frappe.clear_last_message()
        if run.settings.get("take_short"):  # without a shop only once no other warehouse has everything
            run.refusing = frozenset(order.name for order in orders if order.name in run.refusing and order.shop)
        reserving.reserve(orders, run)


def _follow_short_gifts(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Let orders that have asked for their stock go without, or with others in place of, gifts that they did not get."""
    if run.book.gifts:
        follow_short_gifts([order for order in orders if reserving.asks_for_stock(order, run)], run)


def _take_money(order: WorkingOrder, run: Run) -> None:
    """Let an order go on by its payment, and start its clocks."""
    _try(order, run, machine.PAY) or _try(order, run, machine.DEPOSIT)
    if order.status == machine.PREORDER:
        pipeline.release_preorder(order, run)
    terms = run.terms(order)
    if order.status == machine.UNPAID:
        minutes = (terms.unpaid_minutes if terms else 0) or run.settings.unpaid_minutes or 0
        if minutes and not order.reserved_until and machine.reserves(machine.UNPAID, terms):
            order.put(reserved_until=run.now + timedelta(minutes=minutes))
    elif order.reserved_until:
        order.put(reserved_until=None)
    if order.status == machine.TO_PROCESS:
        _start_clocks(order, run)


def _start_clocks(order: WorkingOrder, run: Run) -> None:
    """Set the promise and the delay window that begin with the payment."""
    terms = run.terms(order)
    since = order.moment("paid_datetime")
    ordered = order.moment("order_datetime") or run.now
    if not order.ship_by:
        hours = (terms.ship_within_hours if terms else 0) or int(run.settings.ship_within_hours or 0)
        order.put(ship_by=promise.ship_by(ordered, since, hours))
    minutes = (terms.delay_minutes if terms else 0) or int(run.settings.delay_minutes or 0)
    if minutes and not order.hold_until and order.origin not in pipeline.DERIVED:
        order.put(hold_until=(since or ordered) + timedelta(minutes=minutes))


def _allocate(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Put stock aside for what has just been audited and was not served yet, then hand it to the warehouse."""
    audited = [(order, run.facts(order)) for order in orders if order.status == machine.AUDITED]
    waiting = [order for order, facts in audited if not facts.reserved]
    if waiting:
        reserving.reserve(waiting, run)
        _follow_short_gifts(waiting, run)
    for order, facts in audited:
        _try(order, run, machine.ALLOCATE, None if waiting else facts)


def _by_hand(names: Iterable[str], events: Sequence[str], why: str) -> list[WorkingOrder]:
    orders = lock_all(names)
    run = start_run(orders)
    problems: list[Problem] = []
    for order in orders:
        order.why = why
        found = audit_problem(order, run, events)
        problems += [found] if found else []
    refuse(problems, OrderNotReady)
    go_on(orders, run)
    return orders


def audit_problem(order: WorkingOrder, run: Run, events: Sequence[str]) -> Problem | None:
    """Let the first of the events happen that may; return why none may."""
    refused: machine.NoTransition | None = None
    for event in events:
        try:
            order.step(event, run.facts(order))
        except machine.NoTransition as reason:
            refused = refused if isinstance(refused, machine.Held) else reason
        else:
            return None
    return explain(order, run, refused) if refused else None


def _try(order: WorkingOrder, run: Run, event: str, facts: GuardFacts | None = None) -> bool:
    """Let an event happen where its guards hold; tell whether it did. ``facts`` are those gathered since the last change."""
    if (order.status, event) not in machine.TRANSITIONS:  # facts need not be gathered for what can't be
        return False
    facts = facts or run.facts(order)
    if not machine.can(order.status, event, facts):
        return False
    order.step(event, facts)
    return True


def step(order: WorkingOrder, run: Run, event: str) -> None:
    """Let an event happen. Raises ``OrderNotReady`` with the reasons where it can't."""
    try:
        order.step(event, run.facts(order))
    except machine.NoTransition as refused:
        refuse_with([explain(order, run, refused)], OrderNotReady)


def explain(order: WorkingOrder, run: Run, refused: machine.NoTransition) -> Problem:
    """Return what a person reads where an event can't happen."""
    if not isinstance(refused, machine.Held):
        return _wrong_status(order)
    codes = words(*run.facts(order).blocking)
    reasons = [problem(guard.message, codes, order.hold_until) for guard in refused.guards]
    return problem(N_("The order {0} cannot go on: {1}"), order.name, words(*reasons, joint="; "))


def _wrong_status(order: WorkingOrder) -> Problem:
    return problem(N_("The order {0} is {1}: this cannot be done now"), order.name, words(order.status))


def _came_to(order: WorkingOrder, status: str) -> bool:
    return order.status == status and any(reached == status for _, reached in order.path.steps)


def documents_paid(documents: Iterable[tuple[str, str]], moment: datetime) -> None:
    """Let orders go on that payments have paid in full: (DocType, name) pairs; those that do not wait for money stay."""
    names = [name for doctype, name in documents if doctype == "Sales Order"]
    known = store.load_fields("Sales Order", names, ["status", "payment_state"]) if names else {}
    open_states = (payment.UNPAID, payment.DEPOSIT_PAID)
    waiting = [
        row["name"]
        for row in known.values()
        if row["status"] in machine.WAITING and row["payment_state"] in open_states
    ]
    if waiting:
        pay_orders(waiting, moment)
    collected = [
        row["name"] for row in known.values() if row["payment_state"] == payment.COLLECT and row["status"] in _LEFT
    ]
    if collected:
        collect_payments(collected)
