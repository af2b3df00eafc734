"""Blocks: putting reasons on orders that stop them, and taking them off.

Invariant: a block on an order that the warehouse has already is told to the warehouse in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows.context import start_run
from ec_erp.orders.flows.events import announce
from ec_erp.orders.flows.going_on import go_on, lock_all
from ec_erp.orders.flows.working import WorkingOrder, write_orders
from ec_erp.orders.rules import blocks, machine

INTERCEPTED, RELEASED = "ec_erp_orders_intercepted", "ec_erp_orders_released"
RECALLED = "ec_erp_orders_recalled"


def block_orders(
    notes: Mapping[str, str],
    code: str,
    source: str,
    lines: Mapping[str, Mapping[str, str]] | None = None,
    changes: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[WorkingOrder]:
    """Put a block on orders, given as {order: note}; ended and shipped ones are left alone. Returns the changed ones.

    ``lines`` names what of which orders the reason is about, as {order: {line: quantity}}; an order that has the reason
    already keeps the larger quantity of each line. ``changes`` says what somebody outside wants of which orders, as
    {order: {field: value}}; the last word counts.
    """
    refuse_unknown(code)
    orders = lock_all(notes)
    run = start_run(orders)
    changed = [
        order
        for order in orders
        if order.status in (machine.DRAFT, *machine.LIVE) and order.block(code, source, notes[order.name], run.now)
    ]
    for order in orders:
        _name_lines(order, code, (lines or {}).get(order.name, {}))
        _name_changes(order, code, notes[order.name], (changes or {}).get(order.name, {}))
    write_orders(orders if lines or changes else changed, run.now)
    if blocks.is_blocking(code):
        announce(INTERCEPTED, [order.name for order in changed if order.status in machine.RELEASED], code, source)
    return changed


def refuse_unknown(code: str) -> None:
    """Raise ``OrderNotReady`` for a reason that is neither in the catalogue nor on the list an administrator made of it."""
    field: Any = frappe.get_meta("Order Block").get_field("code")
    known = code in blocks.CATALOGUE or code in (field.options or "").split("\n")
    refuse([] if known else [problem(N_("{0} is not known"), code)], OrderNotReady)


def _name_lines(order: WorkingOrder, code: str, lines: Mapping[str, str]) -> None:
    for row in [row for row in order.blocks if row.code == code and lines]:
        kept = frappe.parse_json(row.get("details") or "{}")
        named = kept.get("lines", {})
        most = {line: max(qty, named.get(line, "0"), key=decimal_of) for line, qty in lines.items()}
        order.put_block(row, details=frappe.as_json({**kept, "lines": {**named, **most}}, indent=None))


def _name_changes(order: WorkingOrder, code: str, note: str, changes: Mapping[str, Any]) -> None:
    for row in [row for row in order.blocks if row.code == code and changes]:
        kept = frappe.parse_json(row.get("details") or "{}")
        order.put_block(row, note=note, details=frappe.as_json({**kept, "changes": dict(changes)}, indent=None))


def wanted_changes(order: WorkingOrder, code: str) -> dict[str, Any]:
    """Return what a reason of an order says that somebody outside wants changed, as {field: value}."""
    found = [frappe.parse_json(row.get("details") or "{}").get("changes") for row in order.blocks if row.code == code]
    return dict(found[0] or {}) if found else {}


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
