"""Following what the warehouse does with orders: picking, packing, deliveries, returns.

Invariant: a blocked order is not handed on; what an order shows as delivered is what its deliveries say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ec_erp.documents import memo
from ec_erp.documents.errors import refuse
from ec_erp.inventory import store as inventory_store
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, problem, words
from ec_erp.orders import store
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import instalments
from ec_erp.orders.flows.context import Run, start_run
from ec_erp.orders.flows.events import announce
from ec_erp.orders.flows.going_on import lock_all, step
from ec_erp.orders.flows.working import WorkingOrder, write_orders
from ec_erp.orders.flows.working import lock_orders as lock_working
from ec_erp.orders.rules import machine, payment, progress
from ec_erp.orders.types import Debtor, OrderHead, OrderLine, OrderProgress

# What brings an order from one place in the warehouse to another, in steps.
_WAYS: dict[tuple[str, str], tuple[str, ...]] = {
    (machine.TO_SHIP, machine.PICKING): (machine.PICK,),
    (machine.TO_SHIP, machine.PACKED): (machine.PACK,),
    (machine.PICKING, machine.PACKED): (machine.PACK,),
    (machine.PICKING, machine.TO_SHIP): (machine.UNPICK,),
    (machine.PACKED, machine.PICKING): (machine.UNPACK,),
    (machine.PACKED, machine.TO_SHIP): (machine.UNPACK, machine.UNPICK),
}
SHIPPED, TAKEN_BACK = "ec_erp_orders_shipped", "ec_erp_orders_taken_back"
# Orders that a platform may have to be told of: what it sent, and what was made of that.
FROM_PLATFORMS = ("Channel", "Merge", "Split")
# What is to be shipped again is back in the lists.
_BESIDES: Mapping[bool, dict[str, int]] = {True: {"archived": 0}, False: {}}
BITS = ("printed", "picked", "sorted", "checked", "weighed", "handed_over")


@dataclass(frozen=True)
class Fulfilment:
    """What the warehouse reports of an order: where it is (None: as before) and progress bits that have changed."""

    status: str | None = None
    bits: Mapping[str, bool] = field(default_factory=dict)


def record_fulfilment(reports: Mapping[str, Fulfilment], why: str = "") -> None:
    """Write what the warehouse reports. Raises ``OrderNotReady`` for a blocked order or an impossible step."""
    orders = lock_all(reports)
    run = start_run(orders)
    for order in orders:
        order.why = why
        _go_to(order, run, reports[order.name].status)
        order.put(**{bit: int(value) for bit, value in reports[order.name].bits.items() if bit in BITS})
    write_orders(orders, run.now)


def _go_to(order: WorkingOrder, run: Run, status: str | None) -> None:
    if status and status != order.status:
        for event in ways_to(order.status, status) or (machine.PICK,):
            step(order, run, event)


def ways_to(here: str, there: str) -> tuple[str, ...]:
    """Return the events that bring an order from one place in the warehouse to another; none where there is no way."""
    return _WAYS.get((here, there), ())


def lock_orders(names: Iterable[str]) -> dict[str, OrderHead]:
    """Lock orders for a delivery. Raises ``OrderNotReady`` for orders that are not submitted."""
    wanted = sorted({name for name in names if name})
    orders = store.lock_orders(wanted)
    message = N_("The order {0} is not submitted")
    refuse([problem(message, name) for name in wanted if name not in orders], OrderNotReady)
    return orders


def refuse_blocked(orders: Iterable[OrderHead]) -> None:
    """Raise ``OrderNotReady`` for orders that a block holds back or that are not to be shipped."""
    problems = []
    for order in orders:
        if order.blocking:
            problems.append(problem(N_("The order {0} is blocked: {1}"), order.name, words(*order.blocking)))
        elif not machine.can_be_shipped(order.status):
            problems.append(problem(N_("The order {0} cannot be shipped: it is {1}"), order.name, words(order.status)))
    refuse(problems, OrderNotReady)


def record_deliveries(
    orders: Mapping[str, OrderHead],
    lines: Mapping[str, OrderLine],
    charges_delivered: Mapping[str, bool],
    *,
    undoing: bool = False,
) -> None:
    """Write the progress of locked orders whose ``lines`` (by name) have changed by deliveries or their cancelling."""
    if not orders:
        return
    memo.forget("Sales Order")
    heads = {name: store.with_progress(order, lines) for name, order in orders.items()}
    everything = [line for head in heads.values() for line in head.lines]
    waiting = [line.line for line in everything if line.open_qty]  # what has gone out whole holds nothing
    held = {line: known.held for line, known in inventory_store.load_reservations(waiting).items()}
    reserved = {line.line: held.get(line.line, ZERO) for line in everything}
    states = {
        line.line: progress.line_stock_state(line.due_qty, reserved[line.line], line.delivered) for line in everything
    }
    follow = progress.progress_after_undoing if undoing else progress.progress_after_delivery
    shown: dict[str, OrderProgress] = {
        name: follow(head, [states[line.line] for line in head.lines], charges_delivered=charges_delivered[name])
        for name, head in heads.items()
    }
    store.write_line_progress(everything, reserved, states)
    store.write_progress(shown, charges_delivered, _BESIDES[undoing])
    from_platforms = [name for name, head in heads.items() if head.shop and head.origin in FROM_PLATFORMS]
    announce(TAKEN_BACK if undoing else SHIPPED, from_platforms)


def debtors_of(docs: Sequence[Any]) -> dict[str, Debtor]:
    """Return who owes what each delivery note (by name) bills: the carrier of an order that it is to collect, else the customer."""
    orders = store.load_orders({doc.sales_order for doc in docs if doc.sales_order})
    found = {}
    for doc in docs:
        order = orders.get((doc.sales_order or "").casefold())
        kind, state, carrier = (order.payment_type, order.payment_state, order.carrier) if order else ("", "", None)
        owing = payment.debtor(kind, state, doc.carrier or carrier, doc.customer)
        found[doc.name] = Debtor(*owing, (order.order_type if order else ""))
    return found


def forget_progress(names: Iterable[str]) -> None:
    """Show no progress in the warehouse on orders whose draft is gone, or whose delivery was cancelled."""
    memo.forget("Sales Order")
    store.write_heads({name: dict.fromkeys(BITS, 0) for name in sorted(set(names))}, touch=False)


def take_out_of_work(names: Iterable[str]) -> None:
    """Let orders that the warehouse works on wait for it again: their draft is gone."""
    orders = [order for order in lock_working(names) if order.status in (machine.PICKING, machine.PACKED)]
    run = start_run(orders)
    for order in orders:
        _go_to(order, run, machine.TO_SHIP)
        order.put(**dict.fromkeys(BITS, 0))
    write_orders(orders, run.now)


def record_sync(states: Mapping[str, str]) -> None:
    """Show on orders how far their platform knows of their parcels."""
    store.write_heads({name: {"sync_state": state} for name, state in sorted(states.items())}, touch=False)


def record_returns(names: Iterable[str], quantities: Mapping[str, Decimal]) -> None:
    """Add quantities that came back (negative: a return was cancelled) to the order lines they belong to."""
    memo.forget("Sales Order")
    orders = sorted(set(names))
    store.add_returned({line: float(qty) for line, qty in quantities.items()}, orders)
    instalments.follow_returns(orders)
