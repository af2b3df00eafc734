"""Taking out of orders what the buyer gets money for instead of goods.

Invariants: what has left stays; what is refunded is not promised and does not leave any more; an order of which nothing is
left to leave is shipped where a part of it has left, else cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.catalog import store as catalog_store
from ec_erp.documents.errors import refuse
from ec_erp.inventory import flows as inventory
from ec_erp.kernel.numbers import ZERO, decimal_of, plain
from ec_erp.kernel.problems import N_, Problem, problem, words
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import preparing
from ec_erp.orders.flows.blocking import RECALLED, unblock_orders
from ec_erp.orders.flows.context import start_run
from ec_erp.orders.flows.delivering import BITS, ways_to
from ec_erp.orders.flows.editing import edit_order
from ec_erp.orders.flows.events import announce
from ec_erp.orders.flows.going_on import ALLOCATED, go_on, lock_all, process_orders, step
from ec_erp.orders.flows.recalling import recall_orders
from ec_erp.orders.flows.working import WorkingOrder, is_delivered_in_part, open_qty
from ec_erp.orders.rules import blocks, machine, progress
from ec_erp.orders.rules.editing import LineEdit

_ADMIN = ("System Manager",)
_SETTLED = (blocks.REFUND_APPLIED, blocks.REFUND_AGREED)


def refund_lines(name: str, quantities: Mapping[str, Decimal], why: str = "") -> str:
    """Take quantities of an order's lines, given as {line: quantity}, out of what is to leave; return its status.

    Where nothing has left the lines shrink (and the order is called back from the warehouse for that); where a part has
    left they keep what was ordered and show what was refunded. Raises ``OrderNotReady`` for more than is still to leave.
    """
    (order,) = lock_all([name])
    wanted = {line: qty for line, qty in quantities.items() if qty}
    refuse(_problems(order, wanted), OrderNotReady)
    if is_delivered_in_part(order):
        return _close_part(order, wanted, why)
    if all(wanted.get(row.name, ZERO) >= decimal_of(row.qty) for row in order.lines if not row.get("is_gift")):
        return _cancel(name)
    if order.status in machine.RELEASED:
        recall_orders([name], why)
    edits = [_reduced(row, wanted[row.name]) for row in order.lines if row.name in wanted]
    edit_order(name, {}, edits, why, roles=_ADMIN)
    return _let_go_on(name, why)


def take_out_refunded(names: Iterable[str], why: str = "") -> None:
    """Take out of orders what their reason for a refund names; one that names no lines asks for a person.

    Raises ``OrderNotReady`` for orders without such a reason.
    """
    for name in names:
        (order,) = lock_all([name])
        lines = {line: decimal_of(qty) for line, qty in _named(order).items()}
        message = N_("Nothing says which lines of {0} are refunded: choose them on the order")
        refuse([problem(message, name)] if not lines else [], OrderNotReady)
        left = {row.name: open_qty(row) for row in order.lines}
        refund_lines(name, {line: min(qty, left.get(line, ZERO)) for line, qty in lines.items()}, why)


def take_out_gifts(names: Iterable[str], why: str = "") -> None:
    """Take out of orders the gifts that they have not earned any more, and let them go on.

    Orders that the warehouse does not have are processed again, which does it; with the warehouse what has left stays, the
    gifts that are still to leave are taken out as refunded lines are.
    """
    for name in names:
        (order,) = lock_all([name])
        if order.status in machine.RELEASED:
            surplus = preparing.unearned_gifts(order, start_run([order]))
            if surplus:
                refund_lines(name, {row.name: qty for row, qty in surplus}, why)
        else:
            process_orders([name], why)
        (order,) = lock_all([name])
        if blocks.GIFT_WRONG in order.codes:
            unblock_orders([name], blocks.GIFT_WRONG, why)


def _named(order: WorkingOrder) -> Mapping[str, Any]:
    kept = [row.get("details") for row in order.blocks if row.code == blocks.REFUND_AGREED]
    return {line: qty for one in kept if one for line, qty in frappe.parse_json(one).get("lines", {}).items()}


def _problems(order: WorkingOrder, wanted: Mapping[str, Decimal]) -> list[Problem]:
    rows = {row.name: row for row in order.lines}
    known = catalog_store.load_skus({row.sku for row in order.lines if row.sku})
    found = [] if wanted else [problem(N_("Nothing is to be refunded"))]
    if order.status not in machine.LIVE:
        found.append(problem(N_("The order {0} is {1}: this cannot be done now"), order.name, words(order.status)))
    message = N_("Of the line {0} of {1} only {2} are still to leave")
    for line, qty in wanted.items():
        row = rows.get(line)
        left = open_qty(row) if row is not None else ZERO
        if qty < 0 or qty > left:
            found.append(problem(message, line, order.name, left))
        elif row is not None and row.sku and known[row.sku.casefold()].whole_units and qty != qty.to_integral_value():
            found.append(problem(N_("{0} is counted in whole units"), row.sku))
    return found


def _cancel(name: str) -> str:
    document = frappe.get_doc("Sales Order", name)
    document.flags.ignore_permissions = True  # the right to take goods out of the order is the right that counts
    document.cancel()
    return machine.CANCELLED


def _reduced(row: Any, qty: Decimal) -> LineEdit:
    return LineEdit(row.name, "", plain(decimal_of(row.qty) - qty), None, bool(row.get("is_gift")))


def _let_go_on(name: str, why: str) -> str:
    (order,) = lock_all([name])
    for code in [code for code in _SETTLED if code in order.codes]:
        (order,) = unblock_orders([name], code, why)
    return order.status


def _close_part(order: WorkingOrder, wanted: Mapping[str, Decimal], why: str) -> str:
    """Show on the lines of an order that has left in part what is refunded; the warehouse drops what it was about to send."""
    run = start_run([order])
    order.why = why
    inventory.release(wanted)
    for row in order.lines:
        if row.name in wanted:
            refunded = decimal_of(row.get("refunded_qty")) + wanted[row.name]
            order.put_line(row, refunded_qty=float(refunded), reserved_qty=0.0)
    order.log("Edit", "Refund", why, {line: plain(qty) for line, qty in wanted.items()})
    for code in _SETTLED:
        order.unblock(code, why)
    wrong = preparing.gifts_not_earned(order, run)
    if wrong:
        order.block_unless_cleared(blocks.GIFT_WRONG, "gift", wrong, run.now)
    else:
        order.unblock(blocks.GIFT_WRONG, why)
    for event in ways_to(order.status, machine.TO_SHIP):
        order.step(event, run.facts(order))
    order.put(**dict.fromkeys(BITS, 0))
    _show_progress(order)
    if not any(open_qty(row) for row in order.lines):
        step(order, run, machine.DELIVER_ALL)
        order.put(books_state="Posted")
    go_on([order], run)
    announce(RECALLED, [order.name], "", why)
    if order.status == machine.TO_SHIP:
        announce(ALLOCATED, [order.name])
    return order.status


def _show_progress(order: WorkingOrder) -> None:
    """Show on the head how much of what is due has left, and what the buyer gets back."""
    show_refunded(order)
    due = sum((decimal_of(row.qty) - decimal_of(row.refunded_qty) for row in order.lines), ZERO)
    gone = sum((decimal_of(row.delivered_qty) for row in order.lines), ZERO)
    order.put(delivered_percent=float(progress.percent_of(gone, due)))


def show_refunded(order: WorkingOrder) -> None:
    """Show on the head what the buyer gets back for units that do not leave."""
    shares = [
        progress.refunded_share(
            decimal_of(row.paid_amount), decimal_of(row.qty), decimal_of(row.refunded_qty), order.currency
        )
        for row in order.lines
    ]
    order.put(refunded_amount=float(sum(shares, ZERO)))
