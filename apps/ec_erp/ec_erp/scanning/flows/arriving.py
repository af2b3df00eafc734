"""What is received by scans: a purchase order, or what comes with a delivery appointment, and the drafts it is counted on.

Invariant: what is scanned is on one draft of each order and user.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.kernel.matching import match_line
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.purchasing import store as purchasing
from ec_erp.purchasing.flows import appointed
from ec_erp.purchasing.types import Appointment, BoughtOrder
from ec_erp.scanning import store
from ec_erp.scanning.types import Goods, ScanLine

Drafts = dict[str, Any]  # by order


@dataclass(frozen=True)
class Work:
    """What is received: an order, or an appointment with its orders; ``expected`` are units by SKU."""

    document: str
    title: str
    warehouse: str | None
    orders: Mapping[str, BoughtOrder]
    expected: Mapping[str, Decimal]
    appointment: Appointment | None = None


def find_work(code: str) -> str | None:
    """Return the order or the appointment that a code opens."""
    return store.find_purchase_order(code) or store.find_appointment(code)


def work_of(name: str) -> Work:
    """Return what is received under the name of an order or of an appointment. Raises ``PurchaseRefused`` for others."""
    order = purchasing.load_orders([name]).get(name.casefold())
    if order is not None:
        expected = _units((line.sku, line.open_qty) for line in order.lines)
        return Work(order.name, f"{order.name} · {order.supplier}", order.warehouse, {order.name: order}, expected)
    one = appointed.receivable(name)
    orders = purchasing.load_orders({line.order for line in one.lines})
    expected = _units((line.sku, line.open_qty) for line in one.lines)
    title = f"{one.name} · {one.supplier}"
    return Work(one.name, title, one.warehouse, {known.name: known for known in orders.values()}, expected, one)


def drafts_of(work: Work, user: str) -> Drafts:
    """Return the draft receipts that a user is scanning."""
    appointment = work.appointment.name if work.appointment else ""
    names = {order: store.find_draft_receipt(order, user, appointment) for order in work.orders}
    return {order: frappe.get_doc("Purchase Receipt", name) for order, name in names.items() if name}


def order_for(work: Work, drafts: Drafts, goods: Goods) -> str:
    """Return the order that goods are for: of an appointment's, the first that still waits for so many."""
    if work.appointment is None:
        return next(iter(work.orders))
    lines = work.appointment.lines
    used: dict[str, Decimal] = {}
    for order, draft in drafts.items():
        own = [line for line in lines if line.order == order]
        for row in draft.items:
            taken = match_line(row.sku, decimal_of(row.qty), own, used)
            if taken is not None:
                used[taken.line] = used.get(taken.line, ZERO) + decimal_of(row.qty)
    line = match_line(goods.sku, goods.qty, lines, used)
    assert line is not None  # it is expected, so a line has it
    return line.order


def lines_of(work: Work, drafts: Drafts) -> tuple[ScanLine, ...]:
    """Return what is counted of how much, by SKU."""
    counted = _units((row.sku, decimal_of(row.qty)) for draft in drafts.values() for row in draft.items)
    names = store.sku_names(work.expected)
    return tuple(ScanLine(sku, names.get(sku, sku), counted.get(sku, ZERO), qty) for sku, qty in work.expected.items())


def _units(units: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for sku, qty in units:
        totals[sku] = totals.get(sku, ZERO) + qty
    return totals
